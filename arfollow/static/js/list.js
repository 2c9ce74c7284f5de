// The list by keyboard: j and k (or the arrows, once a row is chosen) go down and up, Enter opens.
(() => {
  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (event.key.length === 1 && document.documentElement.dataset.shortcuts === "off") return;
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog, .dropdown")) return;
    const links = [...document.querySelectorAll(".list tr[data-href] a")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 && event.key.startsWith("Arrow")) return;
    const next = links[at < 0 ? 0 : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
})();

// Which customers are ticked: what is shown of that, and kept while the rows are fetched anew.
(() => {
  const boxes = () => [...document.querySelectorAll(".list input[name=customer]")];
  let ticked = new Set();

  function show() {
    const all = boxes();
    const page = document.querySelector("[data-choose-page]");
    if (!page) return;
    const chosen = all.filter((box) => box.checked);
    ticked = new Set(chosen.map((box) => box.value));
    page.hidden = false;
    page.control.checked = chosen.length === all.length;
    page.control.indeterminate = chosen.length > 0 && chosen.length < all.length;
    const button = document.getElementById("work-chosen");
    button.disabled = !chosen.length;
    button.classList.toggle("btn-primary", chosen.length > 0);
    button.classList.toggle("btn-outline", !chosen.length);
    button.querySelector("[data-chosen-count]").textContent = chosen.length || "";
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "choose-page") {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.matches("#choose-page, .list input[name=customer]")) show();
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of boxes()) box.checked = box.checked || ticked.has(box.value);
    show();
  });
  // Back from the preflight, the browser may have ticked them again.
  for (const moment of ["DOMContentLoaded", "pageshow"]) window.addEventListener(moment, show);
})();
