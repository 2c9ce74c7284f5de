// Words in several languages: sections as tabs, and variables put where somebody is typing. Without it everything stands open.
(() => {
  // Sections become tabs, by the pattern of the ARIA Authoring Practices: arrows go from tab to tab.
  function makeTabs(group) {
    const panels = [...group.querySelectorAll(":scope > [data-tab]")];
    const bar = document.createElement("div");
    bar.className = "tabs tab-bar";
    bar.setAttribute("role", "tablist");
    bar.setAttribute("aria-label", group.dataset.tabs);
    const buttons = panels.map((panel) => {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `${panel.id}-tab`;
      button.textContent = panel.dataset.tab;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      button.classList.toggle("is-wrong", "tabWrong" in panel.dataset);
      button.classList.toggle("is-empty", "tabEmpty" in panel.dataset);
      panel.setAttribute("role", "tabpanel");
      panel.removeAttribute("aria-label");
      panel.setAttribute("aria-labelledby", button.id);
      bar.append(button);
      return button;
    });
    const name = group.dataset.tabsName;
    const choose = (index, focus) => {
      buttons.forEach((button, at) => {
        button.setAttribute("aria-selected", at === index);
        button.tabIndex = at === index ? 0 : -1;
        panels[at].hidden = at !== index;
      });
      if (focus) buttons[index].focus();
      const field = document.querySelector(`[name="${name}"]`);
      if (!field || field.value === panels[index].dataset.tabValue) return;
      field.value = panels[index].dataset.tabValue;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    bar.addEventListener("click", (event) => {
      const index = buttons.indexOf(event.target.closest("[role=tab]"));
      if (index >= 0) choose(index, true);
    });
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (goal === undefined) return;
      event.preventDefault();
      choose((goal + buttons.length) % buttons.length, true);
    });
    group.prepend(bar);
    group.classList.add("is-tabbed");
    const wrong = panels.findIndex((panel) => "tabWrong" in panel.dataset);
    const stored = panels.findIndex((panel) => panel.dataset.tabValue === remembered()[name]);
    choose(Math.max(wrong >= 0 ? wrong : stored, 0), false);
  }

  // The language somebody works in stays the same from level to level, for as long as the window is open.
  function remembered() {
    try {
      return JSON.parse(sessionStorage.getItem("tabs") ?? "{}");
    } catch {
      return {};
    }
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[name=preview-language], [name=preview-pane], [name=words-language]")) return;
    try {
      sessionStorage.setItem("tabs", JSON.stringify({ ...remembered(), [event.target.name]: event.target.value }));
    } catch {
      // Without storage each page begins with the first.
    }
  });

  // What is picked goes to the field that was typed into last, in the language in sight.
  let typing = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".wording input, .wording textarea")) typing = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const sight = document.querySelector(".wording:not([hidden])");
    const field = typing && !typing.closest("[hidden]") ? typing : sight?.querySelector("textarea");
    if (!field) return;
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function makeAll(root) {
    for (const group of root.querySelectorAll("[data-tabs]:not(.is-tabbed)")) makeTabs(group);
  }
  document.addEventListener("DOMContentLoaded", () => makeAll(document));
  document.addEventListener("htmx:load", (event) => makeAll(event.detail.elt.parentElement ?? document));
})();
