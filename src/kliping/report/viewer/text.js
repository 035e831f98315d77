// Text as the corpus counts it and as a browser does: code points and UTF-16 units, raw and repaired, hidden and shown.
"use strict";

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const JOINER = "\u200d";
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
const SPACE = /\s/;

/** Return `text` with each hidden character as a visible one of as many units, so that positions stay what they are. */
function shown(text) {
  return text.replace(HIDDEN, (character, at) => {
    if (character === JOINER && at > 0 && PICTURE.test(text.slice(at - 2, at))) return character;
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return "\u25af".repeat(character.length);
  });
}

/** Return the names, such as U+202E, of the hidden characters in `text`, each once. */
function hiddenIn(text) {
  const found = text.match(HIDDEN) || [];
  return [...new Set(found.map(codeName))];
}

function codeName(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Return `text` as it is, or the names of its characters where all of them are white space or hidden. */
function spelled(text) {
  if (text === "") return "nothing";
  if (text.replace(HIDDEN, "").trim()) return text;
  return [...text].map((one) => (one === " " ? "space" : codeName(one))).join(" ");
}

/** Return the maps between code points and UTF-16 units of `text`: {toUnit, toPoint}. */
function pointsOf(text) {
  if (!/[\ud800-\udfff]/.test(text)) return { toUnit: (at) => at, toPoint: (at) => at };
  const wide = []; // the unit at which each character of two units begins
  for (let unit = 0; unit < text.length; unit++) {
    if (text.codePointAt(unit) > 0xffff) wide.push(unit++);
  }
  return {
    toUnit(point) {
      let [low, high] = [0, wide.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (wide[middle] - middle < point) low = middle + 1;
        else high = middle;
      }
      return point + low;
    },
    toPoint(unit) {
      let [low, high] = [0, wide.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (wide[middle] < unit) low = middle + 1;
        else high = middle;
      }
      return unit - low;
    },
  };
}

/**
 * Carry out repairs on raw[start:end] (all in units): {text, pieces}.
 * A piece {raw, rawEnd, clean, cleanEnd, repair} says which stretch became which; between pieces text is the same.
 */
function repaired(raw, start, end, repairs) {
  let text = "";
  let at = start;
  const pieces = [];
  for (const repair of repairs) {
    text += raw.slice(at, repair.start);
    pieces.push({
      raw: repair.start - start, rawEnd: repair.end - start,
      clean: text.length, cleanEnd: text.length + repair.after.length, repair,
    });
    text += repair.after;
    at = repair.end;
  }
  return { text: text + raw.slice(at, end), pieces };
}

/** Return the stretch of the other side that [from, to) of one side became; a piece that it touches counts whole. */
function counterpart(pieces, from, to, side) {
  const [own, ownEnd, other, otherEnd] =
    side === "raw" ? ["raw", "rawEnd", "clean", "cleanEnd"] : ["clean", "cleanEnd", "raw", "rawEnd"];
  let begin = from;
  let finish = to;
  for (const piece of pieces) {
    if (piece[ownEnd] <= from) begin = from + piece[otherEnd] - piece[ownEnd];
    else if (piece[own] < from) begin = piece[other];
    if (piece[ownEnd] <= to) finish = to + piece[otherEnd] - piece[ownEnd];
    else if (piece[own] < to) finish = piece[otherEnd];
  }
  return [begin, Math.max(begin, finish)];
}

/** Return the word around a unit of `text`, as [from, to), or null where white space stands. */
function wordAt(text, unit) {
  if (unit < 0 || unit >= text.length || SPACE.test(text[unit])) return null;
  let [from, to] = [unit, unit + 1];
  while (from > 0 && !SPACE.test(text[from - 1])) from--;
  while (to < text.length && !SPACE.test(text[to])) to++;
  return [from, to];
}

/** Return all words of `text` as [from, to). */
function wordsOf(text) {
  return [...text.matchAll(/\S+/g)].map((found) => [found.index, found.index + found[0].length]);
}

const MOST_EDITS = 3000;

/** Return what turns the words of one text into those of another, [kind, words] with kind "=", "-" or "+"; null where they have little in common. */
function wordDiff(one, other) {
  const [a, b] = [one.split(/\s+/).filter(Boolean), other.split(/\s+/).filter(Boolean)];
  const steps = shortestEdit(a, b);
  if (steps === null) return null;
  const parts = [];
  for (const [kind, word] of steps) {
    const last = parts[parts.length - 1];
    if (last && last[0] === kind) last[1] += ` ${word}`;
    else parts.push([kind, word]);
  }
  return parts;
}

/** Myers' greedy O(ND) comparison (An O(ND) Difference Algorithm and Its Variations, 1986). */
function shortestEdit(a, b) {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const trace = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= most; edits++) {
    const next = new Map();
    for (let k = -edits; k <= edits; k += 2) {
      const [below, above] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
      let x = k === -edits || (k !== edits && below < above) ? above : below + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, [...trace, reach]);
    }
    trace.push(reach);
    reach = next;
  }
  return null;
}

function walkBack(a, b, trace) {
  const steps = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits];
    const k = x - y;
    const [below, above] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
    const before = k === -edits || (k !== edits && below < above) ? k + 1 : k - 1;
    const [fromX, fromY] = edits ? [reach.get(before), reach.get(before) - before] : [0, 0];
    while (x > fromX && y > fromY) {
      steps.push(["=", a[--x]]);
      y--;
    }
    if (edits) {
      if (x === fromX) steps.push(["+", b[--y]]);
      else steps.push(["-", a[--x]]);
    }
  }
  return steps.reverse();
}
