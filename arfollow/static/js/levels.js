// The level editor: sections as tabs, the e-mail in its frame, words put where somebody is typing. Without it everything stands open.
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
    if (!event.target.matches?.("[name=preview-language], [name=preview-pane]")) return;
    try {
      sessionStorage.setItem("tabs", JSON.stringify({ ...remembered(), [event.target.name]: event.target.value }));
    } catch {
      // Without storage each page begins with the first.
    }
  });

  // The e-mail comes as a page of its own, which may do nothing. A frame for each, so that Back leaves the editor, and the new
  // one is shown when it is there.
  let latest = 0;
  function showMail() {
    const form = document.getElementById("level-form");
    const frames = document.getElementById("preview-frames");
    const language = form.elements["preview-language"].value;
    const button = document.querySelector(`#words-${language} [formaction*="/preview/email/"]`);
    if (!frames || !button || form.dataset.sent) return;
    const frame = document.createElement("iframe");
    const number = ++latest;
    frame.name = `mail-${number}`;
    frame.title = frames.dataset.title;
    frame.setAttribute("sandbox", "");
    frame.className = "is-coming";
    frames.append(frame);
    frame.addEventListener("load", () => {
      if (number < latest) return frame.remove();
      frame.classList.remove("is-coming");
      for (const other of [...frames.children]) if (other !== frame) other.remove();
    });
    // From a form of its own: a form that is sent again gives up where it was going, and that may be Save.
    const copy = document.createElement("form");
    copy.hidden = true;
    copy.method = "post";
    copy.action = button.formAction;
    copy.target = frame.name;
    for (const [name, value] of new FormData(form)) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      copy.append(field);
    }
    document.body.append(copy);
    copy.submit();
    copy.remove();
  }
  document.addEventListener("mail-preview", showMail);

  // A field is marked while its words have a mistake.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const place = event.detail.target;
    if (!place?.id?.startsWith("live-")) return;
    const field = document.getElementById(place.id.replace("live-", ""));
    const wrong = Boolean(document.getElementById(place.id)?.textContent.trim());
    field?.classList.toggle("is-invalid", wrong);
    if (wrong) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
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

  // Leaving with words that are not saved asks first.
  let changed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("#level-form") && event.target.name !== "preview-customer") changed = true;
  });
  document.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget) changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-tabs]")) makeTabs(group);
  });
})();
