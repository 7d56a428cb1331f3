/* Buttons that copy what stands beside them, or the lines folded away there; without a script they are not shown. */

for (const each of document.querySelectorAll("button.copy")) {
  const button = /** @type {HTMLButtonElement} */ (each), beside = /** @type {HTMLElement} */ (button.previousElementSibling);
  const copied = beside.querySelector("pre") ?? beside;
  button.hidden = false;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(copied.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      beside.toggleAttribute("open", true);
      getSelection()?.selectAllChildren(copied);
      button.textContent = "Marked: copy it";
    }
  };
}
