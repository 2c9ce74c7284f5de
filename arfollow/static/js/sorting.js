// Cards that are dragged into another order: the form that holds them is sent, by htmx where it is on its own page.
(() => {
  let dragged = null;
  const list = (element) => element?.closest?.("[data-sortable]");
  const order = (items) => [...items.children].map((item) => item.dataset.level).join();
  let before = "";

  function prepare(root) {
    for (const grip of root.querySelectorAll("[data-sortable] .timeline-grip[hidden]")) {
      grip.hidden = false;
      grip.closest("li").draggable = true;
    }
    const said = document.querySelector("#order[data-said]")?.dataset.said;
    const announcer = document.getElementById("order-said");
    if (announcer && said) announcer.textContent = said;
  }

  document.addEventListener("dragstart", (event) => {
    const item = event.target.closest?.("li[draggable=true]");
    if (!item) return;
    dragged = item;
    before = order(list(item));
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.level);
    requestAnimationFrame(() => item.classList.add("is-dragged"));
  });

  // The other cards make room while one is held over them.
  document.addEventListener("dragover", (event) => {
    const items = list(event.target);
    if (!dragged || items !== list(dragged)) return;
    event.preventDefault();
    const over = event.target.closest("li");
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    const stacked = box.width > items.getBoundingClientRect().width * 0.9;
    const isAfter = stacked ? event.clientY > box.top + box.height / 2 : event.clientX > box.left + box.width / 2;
    over[isAfter ? "after" : "before"](dragged);
  });
  document.addEventListener("drop", (event) => {
    if (dragged) event.preventDefault();
  });

  document.addEventListener("dragend", () => {
    if (!dragged) return;
    const items = list(dragged);
    const form = items.closest("form");
    dragged.classList.remove("is-dragged");
    dragged = null;
    if (order(items) === before) return;
    if (form.id === "order") {
      window.htmx.ajax("POST", form.action, { source: form, target: "#order", swap: "outerHTML" });
    } else {
      form.requestSubmit();
    }
  });

  document.addEventListener("DOMContentLoaded", () => prepare(document));
  document.addEventListener("htmx:afterSettle", () => prepare(document));
})();
