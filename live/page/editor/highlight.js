/**
 * Colors the code that a reader edits, and the sources of the tests, in the way in which the site's build colors code:
 * the rules below are those of Pygments' lexers for Python and Jinja, as far as they give something its color, and the
 * classes are Pygments'. tests/runner/test_live_highlight.py holds both against each other.
 */

/** Longer texts stay plain, so that every key is answered at once. */
const LONGEST = 50_000;

const words = (text, before = "") => new RegExp(`${before}(?:${text.trim().split(/\s+/).join("|")})\\b`, "y");
const NAME = "[\\p{XIDS}_][\\p{XIDC}]*";
const name = new RegExp(NAME, "uy");

const ESCAPE = /\\(?:N\{.*?\}|u[a-fA-F0-9]{4}|U[a-fA-F0-9]{8})/y;
const BYTES_ESCAPE = /\\(?:[\\abfnrtv"']|\n|x[a-fA-F0-9]{2}|[0-7]{1,3})/y;

const NUMBERS = [
  [/(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y, "m"],
  [/\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*j?/y, "m"],
  [/0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0[xX](?:_?[a-fA-F0-9])+|\d(?:_?\d)*/y, "m"],
];

const NAMES = [
  [
    words(
      `__import__ abs aiter all any bin bool bytearray breakpoint bytes callable chr classmethod compile complex delattr
    dict dir divmod enumerate eval filter float format frozendict frozenset getattr globals hasattr hash hex id input int
    isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr
    reversed round sentinel set setattr slice sorted staticmethod str sum super tuple type vars zip
    self Ellipsis NotImplemented cls`,
      "(?<!\\.)",
    ),
    "nb",
  ],
  [
    words(
      `(?:Arithmetic|Assertion|Attribute|Buffer|EOF|Environment|FloatingPoint|IO|Import|Indentation|Index|Key|Lookup|Memory
    |Name|NotImplemented|OS|Overflow|Reference|Runtime|Syntax|System|Tab|Type|UnboundLocal|UnicodeDecode|UnicodeEncode|Unicode
    |UnicodeTranslate|Value|VMS|Windows|ZeroDivision|BlockingIO|ChildProcess|Connection|BrokenPipe|ConnectionAborted
    |ConnectionRefused|ConnectionReset|FileExists|FileNotFound|Interrupted|IsADirectory|NotADirectory|Permission|ProcessLookup
    |Timeout|ModuleNotFound|Recursion)Error (?:Bytes|Deprecation|Future|Import|PendingDeprecation|Resource|Runtime|Syntax
    |Unicode|User|Encoding)?Warning BaseException Exception GeneratorExit KeyboardInterrupt StopIteration
    StopAsyncIteration SystemExit`.replace(/\s+\|/g, "|"),
      "(?<!\\.)",
    ),
    "ne",
  ],
  [new RegExp(`@${NAME}`, "uy"), "nd"],
  [name, ""],
];

/** Each state's rules: a pattern, the class of what it matches (or of each of its groups), and the states that follow. */
const PYTHON = {
  root: [
    [/^(\s*)([rRuUbB]{0,2})("""[\s\S]*?""")/my, ["", "", "sd"]],
    [/^(\s*)([rRuUbB]{0,2})('''[\s\S]*?''')/my, ["", "", "sd"]],
    [/#.*/y, "c"],
    [
      words(
        "assert async await break continue del elif else except finally for global if lambda pass raise nonlocal return try while yield as with",
      ),
      "k",
    ],
    [/(?:True|False|None)\b/y, ""],
    [
      /^([ \t]*)(match|case)\b(?![ \t]*(?:[:,;=^&|@~)\]}]|(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b))/my,
      ["", "k"],
    ],
    [/(def)((?:\s|\\\s)+)/y, ["k", ""], "function"],
    [/(class)((?:\s|\\\s)+)/y, ["k", ""], "class"],
    [/(from)((?:\s|\\\s)+)/y, ["k", ""], "from"],
    [/(import)((?:\s|\\\s)+)/y, ["k", ""], "import"],
    "expression",
  ],
  expression: [
    ...['"""', "'''", '"', "'"].flatMap((quote) => [
      [new RegExp(`([rR][fFtT]|[fFtT][rR])(${quote})`, "y"), ["", "s"], `raw format ${quote}`],
      [new RegExp(`([fFtT])(${quote})`, "y"), ["", "s"], `format ${quote}`],
      [new RegExp(`([rR][bB]|[bB][rR]|[rR])(${quote})`, "y"), ["", "s"], `raw ${quote}`],
      [new RegExp(`([uU]?)(${quote})`, "y"), ["", "s"], `text ${quote}`],
      [new RegExp(`([bB])(${quote})`, "y"), ["", "s"], `bytes ${quote}`],
    ]),
    [/[^\S\n]+/y, ""],
    ...NUMBERS,
    [/!=|==|<<|>>|:=|[-~+/*%=<>&^|.]|[\]{}:(),;[]/y, ""],
    [/(?:in|is|and|or|not)\b/y, ""],
    [words("await else for if lambda yield"), "k"],
    [/(?:True|False|None)\b/y, ""],
    ...NAMES,
  ],
  field: [[/[{([]/y, "", "brackets"], [/(?:=\s*)?(?:![sraf])?[}:]/y, "s", "pop"], [/\s+/y, ""], "expression"],
  brackets: [[/[{([]/y, "", "brackets"], [/[\])}]/y, "", "pop"], [/\s+/y, ""], "expression"],
  function: [
    [/__\w+__\b/y, ""],
    [name, "nf", "pop"],
    [/(?:)/y, "", "pop"],
  ],
  class: [[name, "nf", "pop"]],
  import: [
    [/(\s+)(as)(\s+)/y, ["", "k", ""]],
    [/\./y, ""],
    [name, ""],
    [/\s*,\s*/y, ""],
    [/(?:)/y, "", "pop"],
  ],
  from: [
    [/(\s+)(import)\b/y, ["", "k"], "pop"],
    [/\./y, ""],
    [/None\b/y, "", "pop"],
    [name, ""],
    [/(?:)/y, "", "pop"],
  ],
};
for (const quote of ['"""', "'''", '"', "'"]) {
  const line = quote.length === 1;
  const ends = [new RegExp(quote, "y"), "s", "pop"];
  const always = line ? [ends, [new RegExp(`\\\\\\\\|\\\\${quote}|\\\\\\n`, "y"), "se"]] : [ends];
  const more = line ? [] : [[/\n/y, "s"]];
  const plain = [[/[^\\'"\n]+|['"\\]/y, "s"], ...more];
  const doubled = [/\{\{|\}\}/y, "se"];
  const format = [[/\}/y, "s"], [/\{/y, "s", "field"], [/[^\\'"{}\n]+|['"\\]/y, "s"], ...more];
  PYTHON[`text ${quote}`] = [[ESCAPE, "se"], [BYTES_ESCAPE, "se"], ...always, ...plain];
  PYTHON[`bytes ${quote}`] = [[BYTES_ESCAPE, "se"], ...always, ...plain];
  PYTHON[`raw ${quote}`] = [...always, ...plain];
  PYTHON[`format ${quote}`] = [doubled, [ESCAPE, "se"], [BYTES_ESCAPE, "se"], ...always, ...format];
  PYTHON[`raw format ${quote}`] = [doubled, ...always, ...format];
}

const JINJA = {
  root: [
    [/[^{]+/y, ""],
    [/\{\{/y, "cp", "variable"],
    [/\{#[\s\S]*?#\}/y, "c"],
    [
      /(\{%)(-?\s*)(comment)(\s*-?)(%\})([\s\S]*?)(\{%)(-?\s*)(endcomment)(\s*-?)(%\})/y,
      ["cp", "", "k", "", "cp", "c", "cp", "", "k", "", "cp"],
    ],
    [
      /(\{%)(-?\s*)(raw)(\s*-?)(%\})([\s\S]*?)(\{%)(-?\s*)(endraw)(\s*-?)(%\})/y,
      ["cp", "", "k", "", "cp", "", "cp", "", "k", "", "cp"],
    ],
    [/(\{%)(-?\s*)(filter)(\s+)([a-zA-Z_]\w*)/y, ["cp", "", "k", "", "nf"], "block"],
    [/(\{%)(-?\s*)([a-zA-Z_]\w*)/y, ["cp", "", "k"], "block"],
    [/\{/y, ""],
  ],
  names: [
    [/(\|\s*)([a-zA-Z_]\w*)/y, ["", "nf"]],
    [/(is)(\s+)(not)?(\s+)?([a-zA-Z_]\w*)/y, ["k", "", "k", "", "nf"]],
    [/(?:_|true|false|none|True|False|None)\b/y, "k"],
    [
      /(?:in|as|reversed|recursive|not|and|or|is|if|else|import|with(?:(?:out)?\s*context)?|scoped|ignore\s+missing)\b/y,
      "k",
    ],
    [/(?:loop|block|super|forloop)\b/y, "nb"],
    [/[a-zA-Z_][\w-]*|\.\w+/y, ""],
    [/:?"(?:\\\\|\\[^\\]|[^"\\])*"|:?'(?:\\\\|\\[^\\]|[^'\\])*'/y, "s"],
    [/[{}()[\]+\-*/%,:~]|[><=]=?|!=/y, ""],
    [/[0-9](?:\.[0-9]*)?[flFLdD]?|0[xX][0-9a-fA-F]+[Ll]?/y, "m"],
  ],
  variable: [[/\s+/y, ""], [/(-?)(\}\})/y, ["", "cp"], "pop"], "names"],
  block: [[/\s+/y, ""], [/(-?)(%\})/y, ["", "cp"], "pop"], "names", [/./y, ""]],
};

const LANGUAGES = { py: PYTHON, html: JINJA };
// A name among the rules of a state stands for the rules of that other state.
for (const states of Object.values(LANGUAGES)) {
  const flat = (rules) => rules.flatMap((rule) => (typeof rule === "string" ? flat(states[rule]) : [rule]));
  for (const state of Object.keys(states)) states[state] = flat(states[state]);
}

/**
 * Splits a text into its tokens.
 * @param {string} text
 * @param {string} path its file's name decides the language; texts in others come back whole
 * @returns {[string, string][]} Pygments' class (or "") and text of each token
 */
export function tokens(text, path) {
  const states = LANGUAGES[path.split(".").pop()];
  if (!states || text.length > LONGEST) return [["", text]];
  const found = [];
  const add = (kind, part) => {
    if (!part) return;
    if (found.at(-1)?.[0] === kind) found.at(-1)[1] += part;
    else found.push([kind, part]);
  };
  let open = ["root"];
  scan: for (let at = 0; at < text.length; ) {
    for (const [pattern, kind, next] of states[open.at(-1)]) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) continue;
      at = pattern.lastIndex;
      if (typeof kind === "string") add(kind, match[0]);
      else for (const [index, one] of kind.entries()) add(one, match[index + 1]);
      if (next === "pop") open.pop();
      else if (next) open.push(next);
      continue scan;
    }
    // What fits no rule is plain; a line's end ends what is unfinished.
    if (text[at] === "\n") open = ["root"];
    add("", text[at++]);
  }
  return found;
}

/**
 * What shows a text in its colors.
 * @returns {(Node | string)[]}
 */
export const colored = (text, path) =>
  tokens(text, path).map(([kind, part]) => {
    if (!kind) return part;
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = part;
    return span;
  });
