// The level editor: the e-mail in its frame, mistakes at their fields; tabs and words come from words.js.
(() => {
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
})();
