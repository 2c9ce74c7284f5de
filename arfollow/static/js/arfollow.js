// What HTML cannot do by itself. Everything is delegated, so it holds for parts that htmx brings in later.
(() => {
  const opens = {
    dialog(button) {
      const dialog = document.getElementById(button.dataset.dialog);
      dialog.showModal();
      dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
    },
    setDate(button) {
      const field = document.getElementById(button.dataset.setDate);
      field.value = button.dataset.date;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    close(button) {
      if (button.dataset.close === "dialog") button.closest("dialog").close();
      else button.closest(".notice").remove();
    },
  };

  document.addEventListener("click", (event) => {
    // A click beside a dialog closes it: its backdrop belongs to the element itself.
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const [name, open] of Object.entries(opens)) {
      const attribute = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const button = event.target.closest(`[${attribute}]`);
      if (button) open(button);
    }
    openRow(event);
  });

  // The whole row is the link's target, but not the buttons in it, nor text that was being selected.
  function openRow(event) {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary")) return;
    if (String(window.getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else window.location.assign(row.dataset.href);
  }

  // A form that destroys something asks first, in its own words.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A select that is a filter or a switch acts when it changes.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // The same form sent twice by a double click reaches the server once. What opens elsewhere, such as a preview, leaves
  // the form where it is, to be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-repeatable]")) return;
    if (!["", "_self"].includes(event.submitter?.formTarget || form.target)) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A form that came back refused: its first wrong field, wherever on the page it stands.
  document.addEventListener("DOMContentLoaded", () => {
    const wrong = document.querySelector("main .is-invalid:not(.gallery *)");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center", behavior: "instant" });
  });
})();
