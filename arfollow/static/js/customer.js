// What the customer's page and the letters to post need beside arfollow.js. Delegated, so it holds for parts that htmx brings in.
(() => {
  const chosen = () => document.querySelectorAll("input[name=item]:checked").length;

  function count() {
    const words = document.querySelector("[data-chosen]");
    if (words) words.textContent = words.dataset.chosen.replace("0", chosen());
    for (const button of document.querySelectorAll("[data-needs-choice]")) {
      button.disabled = !button.form.querySelector(`[name=${button.dataset.needsChoice}]:checked`);
      document.getElementById(button.getAttribute("aria-describedby")).hidden = !button.disabled;
    }
  }

  // A flyout closes by a click elsewhere or by Escape, which gives the focus back to its button.
  document.addEventListener("click", (event) => {
    for (const flyout of document.querySelectorAll("details.flyout[open]")) {
      // What is chosen in a table belongs to the flyout above it.
      const table = flyout.closest("form.items")?.querySelector(".table-frame");
      if (!flyout.contains(event.target) && !table?.contains(event.target)) flyout.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const flyout = event.target.closest?.("details.flyout[open]");
    if (!flyout) return;
    if (event.key === "Escape") {
      flyout.open = false;
      flyout.querySelector("summary").focus();
    }
    // One form holds several flyouts: Enter sends the one that was typed into, not the first.
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      flyout.querySelector("[type=submit]").click();
    }
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.flyout[open]")) return;
    const body = event.target.querySelector(".flyout-body");
    body.querySelector("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true });
    body.scrollIntoView({ block: "nearest" });
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      const boxes = event.target.closest("table").querySelectorAll("tbody input[type=checkbox]");
      for (const box of boxes) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-choose-all], tbody input[type=checkbox]")) count();
  });

  // A link that stands for a pop-up opens it; without this script it leads to the page with the pop-up open.
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[data-dialog]")) event.preventDefault();
  });

  // What came open from the server is a pop-up as well, and a printed letter is fetched once.
  function settle(root) {
    for (const dialog of root.querySelectorAll("dialog[open]:not(:modal)")) {
      dialog.close();
      dialog.showModal();
    }
    for (const link of root.querySelectorAll("a[data-download]")) {
      link.removeAttribute("data-download");
      link.click();
    }
    count();
  }
  document.addEventListener("DOMContentLoaded", () => settle(document));
  document.addEventListener("htmx:afterSettle", () => {
    settle(document);
    document.querySelector("#told, #told-question")?.scrollIntoView({ block: "nearest" });
  });
})();
