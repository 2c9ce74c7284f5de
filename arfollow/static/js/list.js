// The list by keyboard: j and k (or the arrows, once a row is chosen) go down and up, Enter opens.
(() => {
  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
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
