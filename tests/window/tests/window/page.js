// Finds the first visible element of a role by its accessible name, the way a person with a screen reader would.
// Arguments: role, name. A name that begins with "~" is looked for inside the element's name.
const [role, wanted] = arguments;

const roleOf = (element) => {
  const explicit = element.getAttribute("role");
  if (explicit) return explicit;
  const tag = element.tagName.toLowerCase();
  const type = (element.getAttribute("type") ?? "text").toLowerCase();
  if (tag === "input") {
    if (["button", "submit", "reset"].includes(type)) return "button";
    if (["checkbox", "radio"].includes(type)) return type;
    if (type === "search") return "searchbox";
    return type === "hidden" ? "" : "textbox";
  }
  if (tag === "a") return element.hasAttribute("href") ? "link" : "";
  return (
    { button: "button", textarea: "textbox", select: "combobox", option: "option", tr: "row", td: "cell",
      th: "columnheader", nav: "navigation", main: "main", dialog: "dialog", table: "table" }[tag] ??
    (/^h[1-6]$/.test(tag) ? "heading" : "")
  );
};

const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  if (node.hasAttribute("aria-label")) return ` ${node.getAttribute("aria-label")} `;
  const text = Array.from(node.childNodes, textOf).join("");
  return getComputedStyle(node).display.startsWith("inline") ? text : ` ${text} `;
};

const nameOf = (element) => {
  const labelledBy = element.getAttribute("aria-labelledby");
  if (labelledBy) return labelledBy.split(/\s+/).map((id) => textOf(document.getElementById(id) ?? document.createElement("i"))).join(" ");
  if (element.hasAttribute("aria-label")) return element.getAttribute("aria-label");
  if (element.labels?.length) return Array.from(element.labels, textOf).join(" ");
  if (["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName)) {
    return element.type === "submit" ? element.value : (element.title || element.placeholder || "");
  }
  return textOf(element) || element.title;
};

const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const fits = (name) => (wanted.startsWith("~") ? name.includes(wanted.slice(1)) : name === wanted);

for (const element of document.querySelectorAll("*")) {
  if (roleOf(element) !== role || element.closest("[aria-hidden=true], [inert]")) continue;
  const isShown = element.getClientRects().length > 0 || element.tagName === "OPTION";
  if (isShown && fits(tidy(nameOf(element)))) return element;
}
return null;
