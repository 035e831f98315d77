// Small parts of which the page is built. Text becomes a text node, always; nothing is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: attributes by name (`on…` listens, `text` is its text), then children, strings among them. */
function make(name, attributes = {}, ...children) {
  const element = ["svg", "rect", "path", "g"].includes(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "text") element.textContent = shown(value);
    else element.setAttribute(key, value === true ? "" : key.startsWith("aria-") || key === "title" ? shown(`${value}`) : value);
  }
  const given = children.filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...given.map((child) => (typeof child === "string" ? shown(child) : child)));
  return element;
}

/** Return the element with an id. */
function byId(id) {
  return document.getElementById(id);
}

const SAID_FOR = 10000;
let saying = 0;

/** Say something to whoever listens to the page, and show it for some seconds. */
function say(sentence) {
  byId("said").textContent = sentence;
  clearTimeout(saying);
  saying = setTimeout(() => { byId("said").textContent = ""; }, SAID_FOR);
}

/** A number as a person reads it. */
function counted(number, one = "", many = `${one}s`) {
  const digits = number.toLocaleString("en");
  return one ? `${digits} ${number === 1 ? one : many}` : digits;
}

function sum(numbers) {
  return numbers.reduce((one, other) => one + other, 0);
}

/** Give a file to the person. */
function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Marks over text without elements: names of ::highlight() in page.css, and the ranges that they have. */
const marks = {
  able: typeof Highlight === "function" && CSS.highlights !== undefined,
  set(name, ranges) {
    if (!this.able) return;
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  },
  /** A range of the text in an element that holds one text node. */
  range(element, from, to) {
    const node = element.firstChild;
    if (!node || from >= node.length) return null;
    const range = document.createRange();
    range.setStart(node, Math.min(from, node.length));
    range.setEnd(node, Math.min(to, node.length));
    return range;
  },
};
