//! Markdown that models write and the CommonMark specification does not know, and everything in
//! everything.

pub(crate) const EXAMPLES: &[&str] = &[
    // Tables.
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n",
    "a | b\n:-: | --:\n1 | `x | y`\n**2** | [l](https://a.example)\n\nafter\n",
    "| left | middle | right |\n|:--|:-:|--:|\n| a | b | c |\n| more words than fit | x | 100 |\n",
    "| 名前 | 🙂 | e\u{301} |\n| --- | --- | --- |\n| 世界 | 👩\u{200d}👧 | 🇩🇪 |\n",
    "| a | b |\n|---|\n| 1 | 2 |\n",
    "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\nlazy\n",
    "| a \\| b | `c \\| d` |\n|---|---|\n| 1 | |\n",
    "text\n| a |\n|---|\n| 1 |\n> quote\n",
    "- | a | b |\n  |---|---|\n  | 1 | 2 |\n- after\n",
    "> | a | b |\n> |---|---|\n> | 1 | 2 |\n\nafter\n",
    "| a |\n|---|\n",
    "| a |\n|---",
    "| a |\n|--",
    "| not a table\nat all |\n",
    // Tasks.
    "- [ ] open\n- [x] done\n- [X] done too\n- [y] none\n",
    "1. [ ] one\n   - [x] two\n     text\n2. [ ]\n",
    "- [ ]\n- [x](https://a.example)\n",
    // Struck out.
    "~~struck~~ and ~one~ and ~~~three~~~ and ~~open\n",
    "~~**both**~~ **~~both~~** ~~two\nlines~~\n",
    // Footnotes.
    "a[^1] b[^note]\n\n[^1]: the first\n[^note]: the second\n    goes on\n\n    and on\n\nafter\n",
    "a[^missing] b\n",
    "[^1]: before its use\n\na[^1]\n",
    "- a[^x]\n\n  [^x]: in a list\n- b\n",
    // Formulas.
    "Inline $a^2 + b_1 \\le \\frac{1}{2}$ and \\(\\alpha \\to \\infty\\).\n",
    "$$\n\\sum_{i=1}^{n} x_i\n$$\n\nafter\n",
    "\\[\nE = mc^2\n\\]\nafter\n",
    "It costs $5 and not $10, or US$ 3 and 4$.\n",
    "$open and never closed\n\n$$ nor this\n\nafter\n",
    "`$code$` and $a * b * c$ and *$x$* and $a_b$ and c_d_e\n",
    "| $a$ | \\(b\\) |\n|---|---|\n| $$c$$ | $d |\n",
    "- $x$\n- $$y\n  z$$\n> $$\n> q\n> $$\n",
    // Fences of all kinds.
    "```rust\nfn main() {\n    println!(\"{}\", 'x'); // words\n}\n```\nafter\n",
    "~~~~python title=x\n```\nx = \"\"\"a\nb\"\"\"\n~~~\n~~~~\nafter\n",
    "````markdown\n```js\nlet x = `a`;\n```\n````\n",
    "- item\n  ```sh\n  ls -l | wc # count\n  ```\n- next\n",
    "1. one\n\n   ```json\n   {\"a\": [1, null]}\n   ```\n\n2. two\n",
    "> ```diff\n> -a\n> +b\n> ```\n> after\n",
    "```\nno end\n\n\n",
    "```\n\n\n\nblank lines\n\n```\n",
    "```c++\n\ttabs\there\n```\n",
    "``` `no fence`\nafter\n",
    // Links and images.
    "<https://a.example> https://b.example www.c.example me@d.example <me@d.example>\n",
    "[a](https://a.example) [b](<https://b.example/c d> \"t\") [c](relative) [d]()\n",
    "![alt *emphasis*](https://a.example/b.png \"t\") ![](https://a.example/c.png)\n",
    "[![badge](https://a.example/b.svg)](https://a.example)\n",
    "[words that\ngo on](https://a.example) and [open](https://a.exa",
    "[a][b] and [b] and [none]\n\n[b]: https://a.example\n",
    // HTML.
    "a<br>b<br/>c <sub>2</sub> <kbd>Ctrl</kbd> &amp; &lt;x&gt; &nbsp; &#x1f642;\n",
    "<details>\n<summary>More</summary>\n\n**inside**\n\n</details>\n\nafter\n",
    "<!-- a comment\nof two lines -->\nafter\n",
    "a < b and c > d, <notatag and 1<2>\n",
    // Emphasis that opens, closes, or does neither.
    "**bold *both* bold** *it **both*** ***all*** snake_case_name 2*3*4\n",
    "** not bold ** * not * _no_t __yes__ **open *and open\n\nafter\n",
    "*a\nb*\n\n**c  \nd**\\\ne\n",
    "日本語**強調**テキスト*斜体*です。\n",
    // Headings.
    "# One\n## Two ##\n### *Three* `code`\n###### Six\n####### seven\n#none\n",
    "Title\n=====\n\nSub\ntitle\n---\n\n- not\n---\n",
    // Lists: tight and loose, deep, mixed, broken off.
    "- a\n- b\n\n- c\n  - d\n\n    e\n  - f\n* g\n+ h\n",
    "1. a\n2. b\n   1. c\n   2. d\n      - e\n10. f\n\n\n3. g\n",
    "- a\n\n\n  b\n-\n- \n  c\n-\n\n  d\n",
    "- a\nlazy\n  - b\nlazy too\n",
    "99999998. a\n99999999. b\n0. c\n",
    "text\n- a\n2. b\n\ntext\n1. c\n",
    // Quotes.
    "> a\nlazy\n> > b\n> c\n>\n> d\n\n> e\n",
    "> [!NOTE]\n> Heed this.\n\n> [!WARNING] not\n",
    "> # Title\n> - a\n>   > b\n>   >\n>   > ```\n>   > c\n>   > ```\n> 1. d\n",
    // Everything in everything.
    "1. > - [ ] **a `b` [c](https://d.example)**[^1]\n   >\n   >   | x | y |\n   >   |---|---|\n   >   | $z$ | ~~w~~ |\n\n[^1]: > 1. note\n",
    "- a\n\n      indented\n\n  ***\n\n  # T\n\n  <div>x</div>\n\n  $$y$$\n- b\n",
    // Breaks, rules, blank lines, line ends, spaces.
    "a  \nb\\\nc\n\n***\n---\n___\n\n\n\n\nd\n",
    "a\r\nb\r\n\r\n- c\r\n- d\r\n\r\n```\r\ne\r\n```\r\n",
    "a\rb\r\rc\r",
    "   leading and trailing   \n\t\n \n  x  ",
    "\n\n\nafter blank lines",
    "no line feed at the end",
    "",
    "\n",
    " ",
    "\u{feff}# Title after a mark of byte order\n",
    "a long line that has to be wrapped by the terminal, as it has many more words than there are columns, and then **some words that are set off and wrapped, too, as they go on and on**, and `code that is wrapped in the same way, in the middle of a word`, until it ends.\n",
];
