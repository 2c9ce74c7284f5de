// Keys that act by themselves: "/" searches. Whoever steers by speech, or hits keys by accident, switches them off.
(() => {
  const root = document.documentElement;
  const switches = () => document.querySelectorAll("[data-shortcuts]");

  try {
    root.dataset.shortcuts = localStorage.getItem("shortcuts") ?? "on";
  } catch {
    root.dataset.shortcuts = "on";
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of switches()) {
      box.checked = root.dataset.shortcuts === "on";
      box.disabled = false;
    }
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-shortcuts]")) return;
    root.dataset.shortcuts = event.target.checked ? "on" : "off";
    try {
      localStorage.setItem("shortcuts", root.dataset.shortcuts);
    } catch {
      // Without storage the choice holds for this page only.
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || root.dataset.shortcuts === "off") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
})();
