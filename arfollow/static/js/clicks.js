// The customer's page, which every click replaces by how things then stand: one click at a time, and nothing typed is lost.
(() => {
  const content = () => document.getElementById("customer");
  const isClick = (event) => event.detail.target?.id === "customer" && event.detail.requestConfig.verb === "post";

  // Until a click is answered there is nothing to click; after a Done, until the next page is there.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asks = isClick(event) || event.detail.elt.id === "also-here";
    if (asks && content().inert) event.preventDefault();
    else if (isClick(event)) content().inert = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isClick(event) && content() && !event.detail.xhr.getResponseHeader("HX-Redirect")) content().inert = false;
  });
  window.addEventListener("pageshow", () => {
    content().inert = false;
  });

  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const isChanged = (field) => {
    if (isBox(field)) return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  const nameOf = (field) =>
    JSON.stringify([field.form?.getAttribute("action"), field.name, isBox(field) ? field.value : ""]);
  const fields = () => content().querySelectorAll("input[name]:not([type=hidden], [type=submit]), select, textarea");

  // The fields that went along with the click: those are as the server says.
  function wasSent(field, sender) {
    const flyout = sender.closest("details.flyout");
    const form = sender.form ?? sender;
    return field.form === form && (!flyout || flyout.contains(field) || field.name === "item");
  }

  let kept = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isClick(event)) return;
    const sender = event.detail.requestConfig.elt;
    const typed = [...fields()].filter((field) => isChanged(field) && !wasSent(field, sender));
    kept = new Map(typed.map((field) => [nameOf(field), isBox(field) ? field.checked : field.value]));
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const field of kept.size ? fields() : []) {
      const value = kept.get(nameOf(field));
      if (value === undefined) continue;
      if (isBox(field)) field.checked = value;
      else field.value = value;
    }
    kept = new Map();
  });
})();
