// Files that are dropped are uploaded at once; those that are chosen, too. Without this script there is a button.
(() => {
  const zoneOf = (event) => event.target.closest?.("[data-drop]");

  function send(form) {
    form.classList.add("is-busy");
    form.querySelector(".drop-busy").hidden = false;
    form.requestSubmit();
  }

  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      // Beside the field a dropped file would replace the page.
      event.preventDefault();
      zoneOf(event)?.classList.add("is-over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const zone = zoneOf(event) ?? document.querySelector("[data-drop]");
    zone?.classList.remove("is-over");
    if (!zone || !event.dataTransfer?.files.length) return;
    zone.querySelector("input[type=file]").files = event.dataTransfer.files;
    send(zone);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-drop] input[type=file]") && event.target.files.length) send(event.target.form);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-drop]")) {
      form.classList.remove("is-busy");
      form.querySelector(".drop-busy").hidden = true;
    }
  });
})();
