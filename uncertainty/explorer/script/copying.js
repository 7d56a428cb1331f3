/* Buttons that copy what stands beside them; without a script they are not shown. */

for (const each of document.querySelectorAll("button.copy")) {
  const button = /** @type {HTMLButtonElement} */ (each), beside = /** @type {HTMLElement} */ (button.previousElementSibling);
  button.hidden = false;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(beside.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(beside);
      button.textContent = "Marked: copy it";
    }
  };
}
