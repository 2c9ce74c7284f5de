// The workflow editor: keys go from block to block, what is changed is saved by itself. Without it links and buttons do the same.
(() => {
  const blocks = () => [...document.querySelectorAll("#route a.block, #route a.beside")];
  const editor = () => document.getElementById("editor");

  function middle(element) {
    const box = element.getBoundingClientRect();
    return { x: box.left + Math.min(box.width, 240) / 2, y: box.top + box.height / 2 };
  }

  // The nearest block that way: what lies aside counts more than what lies ahead.
  function neighbour(from, key) {
    const start = middle(from);
    let best = null;
    for (const block of blocks()) {
      const { x, y } = middle(block);
      const dx = x - start.x;
      const dy = y - start.y;
      const [ahead, aside] = {
        ArrowDown: [dy, dx],
        ArrowUp: [-dy, dx],
        ArrowRight: [dx, dy],
        ArrowLeft: [-dx, dy],
      }[key];
      if (block === from || ahead < 8) continue;
      const distance = ahead + 3 * Math.abs(aside);
      if (!best || distance < best.distance) best = { block, distance };
    }
    return best?.block;
  }

  function act(block, what) {
    const form = document.getElementById("key-form");
    if (!form || !block.dataset.key) return;
    form.elements.step.value = block.dataset.key;
    form.elements.do.value = what;
    focusNext = block.id;
    htmx.trigger(form, "submit");
  }

  // What is clicked or typed into what is about to be replaced would be lost with it: from the click on, also while it waits for
  // another answer, there is nothing to click. What is saved by itself replaces nothing, and often it is a click elsewhere that begins it.
  const replaces = (event) => event.detail.target?.id === "editor" && event.detail.elt?.id !== "quiet";
  document.addEventListener("htmx:confirm", (event) => {
    if (replaces(event)) editor().inert = true;
  });
  for (const end of ["htmx:afterRequest", "htmx:validation:halted"]) {
    document.addEventListener(end, (event) => {
      if (replaces(event) && editor()) editor().inert = false;
    });
  }
  window.addEventListener("pageshow", () => {
    editor().inert = false;
  });

  let focusNext = "";
  document.addEventListener("keydown", (event) => {
    const route = event.target.closest?.("#route");
    if (editor().inert) return;
    if (event.key === "Escape" && document.getElementById("panel-close") && !document.querySelector("dialog[open]")) {
      const open = document.querySelector("#route [aria-current]");
      focusNext = open?.id ?? "";
      const close = document.getElementById("panel-close");
      // Somebody quick presses it before htmx has seen the panel: the page would be loaded anew, and the focus lost.
      htmx.process(close);
      close.click();
      return;
    }
    if (!route || event.ctrlKey || event.metaKey) return;
    const block = event.target.closest("a.block, a.beside");
    if (event.altKey) {
      const what = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (!block || !what) return;
      event.preventDefault();
      act(block, what);
      return;
    }
    if (block && event.key === "Delete" && document.getElementById("key-form") && block.dataset.key) {
      event.preventDefault();
      htmx.ajax("GET", `${block.getAttribute("href")}&ask=delete`, { source: block, target: "#editor", swap: "outerHTML" });
      return;
    }
    if (block && event.key === "+") {
      const add = block.closest("li")?.nextElementSibling?.querySelector(":scope > .wire > .wire-add");
      if (!add) return;
      event.preventDefault();
      add.click();
      return;
    }
    if (!["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const goal = block ? neighbour(block, event.key) : blocks()[0];
    if (!goal) return;
    event.preventDefault();
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // What is changed is saved; a choice that changes the form itself gets the form anew.
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("#panel-form");
    if (!form || ["words-language", "preview-customer"].includes(event.target.name)) return;
    if (event.target.matches("[data-reshape]")) {
      form.requestSubmit(form.querySelector("[name=do][value=save]"));
      return;
    }
    htmx.trigger("#quiet", "quiet-save");
  });

  // The editor is replaced as a whole: what was scrolled stays where it was, and the focus goes to what was opened.
  let scrolled = 0;
  let before = { opened: "", top: 0 };
  let focusNow = "";
  const side = () => document.getElementById("side");
  const opened = () => {
    const form = document.getElementById("panel-form");
    return form ? `${form.getAttribute("action")} ${form.elements.step?.value ?? ""}` : "";
  };
  const narrow = () => window.matchMedia("(width < 62rem)").matches;

  // The side is as high as what is left of the window, so that its end and the button to save are always in it.
  function fitSide() {
    if (!side()) return;
    const least = Number.parseFloat(getComputedStyle(side()).top) || 0;
    const top = Math.max(side().getBoundingClientRect().top, least);
    document.documentElement.style.setProperty("--side-height", `${window.innerHeight - top - 16}px`);
  }
  function showOpened() {
    if (!narrow()) document.querySelector("#route [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    fitSide();
  }
  window.addEventListener("scroll", fitSide, { passive: true });
  window.addEventListener("resize", fitSide);
  showOpened();

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!replaces(event)) return;
    scrolled = document.getElementById("route")?.scrollLeft ?? 0;
    before = { opened: opened(), top: side()?.scrollTop ?? 0 };
    // A key may be pressed between this swap and its settling: what it asks for is for the next one.
    focusNow = focusNext;
    focusNext = "";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "editor" && event.detail.elt.id !== "editor") return;
    const route = document.getElementById("route");
    if (route) route.scrollLeft = scrolled;
    fitSide();
    if (opened() === before.opened) side().scrollTop = before.top;
    else showOpened();
    const wanted = focusNow && document.getElementById(focusNow);
    focusNow = "";
    if (wanted) {
      wanted.focus({ preventScroll: true });
      wanted.scrollIntoView({ block: "nearest", inline: "nearest" });
      return;
    }
    const active = document.activeElement;
    if (active && active !== document.body && editor()?.contains(active)) return;
    document.querySelector("#side [data-focus]")?.focus({ preventScroll: !narrow() });
  });
})();
