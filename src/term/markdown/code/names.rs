//! How languages are called in fences: names, short names and the endings of files.

use super::{
    language::Language,
    languages::{data, functional, script, shell, system},
};

/// The language of this name, in any letter case. What shows plain text is among the unknown.
pub(super) fn language(name: &str) -> Option<&'static Language> {
    let name = name.trim_matches(|mark: char| "{}.".contains(mark)).to_ascii_lowercase();
    let language = match name.as_str() {
        "rust" | "rs" => system::RUST,
        "c" | "h" => system::C,
        "c++" | "cpp" | "cc" | "cxx" | "hpp" | "hh" | "hxx" | "ino" | "arduino" | "cuda" | "cu"
        | "glsl" | "hlsl" | "wgsl" | "metal" | "frag" | "vert" => system::CPP,
        "objective-c" | "objectivec" | "objc" | "obj-c" | "m" | "mm" | "objective-c++" => {
            system::OBJECTIVE_C
        }
        "c#" | "csharp" | "cs" | "razor" | "cshtml" => system::CSHARP,
        "java" | "jsp" => system::JAVA,
        "groovy" | "gradle" | "jenkinsfile" => system::GROOVY,
        "kotlin" | "kt" | "kts" => system::KOTLIN,
        "scala" | "sc" | "sbt" => system::SCALA,
        "go" | "golang" => system::GO,
        "swift" => system::SWIFT,
        "dart" | "flutter" => system::DART,
        "zig" | "zon" => system::ZIG,
        "solidity" | "sol" => system::SOLIDITY,
        "protobuf" | "proto" | "proto2" | "proto3" => system::PROTOBUF,
        "python" | "py" | "py3" | "python3" | "pyi" | "gyp" | "ipython" | "cython" | "pyx"
        | "starlark" | "bazel" | "bzl" | "sage" => script::PYTHON,
        "javascript" | "js" | "jsx" | "mjs" | "cjs" | "node" | "ecmascript" => script::JAVASCRIPT,
        "typescript" | "ts" | "mts" | "cts" | "deno" => script::TYPESCRIPT,
        "tsx" | "typescriptreact" => script::TSX,
        "ruby" | "rb" | "rake" | "gemfile" | "gemspec" | "rakefile" | "podfile" | "crystal"
        | "cr" => script::RUBY,
        "php" | "php3" | "php5" | "php7" | "php8" | "phtml" => script::PHP,
        "perl" | "pl" | "pm" | "perl5" => script::PERL,
        "lua" | "luau" => script::LUA,
        "r" | "rscript" | "splus" => script::R,
        "julia" | "jl" => script::JULIA,
        "matlab" | "octave" => script::MATLAB,
        "awk" | "gawk" | "mawk" | "nawk" => script::AWK,
        "vim" | "viml" | "vimscript" | "vimrc" => script::VIM,
        "assembly" | "asm" | "nasm" | "masm" | "gas" | "s" | "x86asm" | "armasm" | "arm"
        | "x86" | "riscv" => script::ASSEMBLY,
        "regex" | "regexp" | "re" | "pcre" => script::REGEX,
        "graphql" | "gql" | "graphqls" => script::GRAPHQL,
        "haskell" | "hs" | "purescript" | "purs" | "elm" | "idris" => functional::HASKELL,
        "ocaml" | "ml" | "mli" | "reason" | "sml" => functional::OCAML,
        "f#" | "fsharp" | "fs" | "fsx" | "fsi" => functional::FSHARP,
        "elixir" | "ex" | "exs" | "heex" => functional::ELIXIR,
        "erlang" | "erl" | "hrl" => functional::ERLANG,
        "lisp" | "common-lisp" | "commonlisp" | "cl" | "elisp" | "emacs-lisp" | "el" | "lsp"
        | "scheme" | "scm" | "racket" | "rkt" | "guile" | "fennel" => functional::LISP,
        "clojure" | "clj" | "cljs" | "cljc" | "edn" | "clojurescript" => functional::CLOJURE,
        "nix" => functional::NIX,
        "shell" | "sh" | "bash" | "zsh" | "fish" | "ksh" | "dash" | "ash" | "shellscript"
        | "bashrc" | "zshrc" | "bats" => shell::SHELL,
        "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session"
        | "session" | "terminal" | "cli" => shell::CONSOLE,
        "powershell" | "ps1" | "ps" | "pwsh" | "posh" | "psm1" | "psd1" => shell::POWERSHELL,
        "batch" | "bat" | "cmd" | "dos" => shell::BATCH,
        "dockerfile" | "docker" | "containerfile" => shell::DOCKERFILE,
        "makefile" | "make" | "mk" | "mak" | "gnumakefile" | "just" | "justfile" => shell::MAKEFILE,
        "cmake" | "cmakelists.txt" => shell::CMAKE,
        "hcl" | "terraform" | "tf" | "tfvars" | "opentofu" | "packer" | "nomad" => shell::HCL,
        "nginx" | "nginxconf" | "caddyfile" | "caddy" => shell::NGINX,
        "json" | "jsonc" | "json5" | "jsonl" | "ndjson" | "geojson" | "webmanifest" | "ipynb"
        | "har" => data::JSON,
        "yaml" | "yml" | "docker-compose" | "compose" | "openapi" => data::YAML,
        "toml" | "cargo.toml" | "pyproject.toml" => data::TOML,
        "ini" | "cfg" | "conf" | "config" | "properties" | "editorconfig" | "gitconfig"
        | "systemd" | "desktop" | "service" | "inf" | "reg" => data::INI,
        "env" | "dotenv" => data::ENV,
        "html" | "htm" | "xhtml" | "xml" | "svg" | "vue" | "svelte" | "astro" | "xsl" | "xslt"
        | "xsd" | "rss" | "atom" | "plist" | "mathml" | "handlebars" | "hbs" | "mustache"
        | "jinja" | "jinja2" | "django" | "ejs" | "erb" | "html+erb" | "xaml" | "csproj"
        | "wsdl" => data::HTML,
        "css" | "pcss" | "postcss" => data::CSS,
        "scss" | "sass" | "less" | "styl" | "stylus" => data::SCSS,
        "sql" | "mysql" | "postgresql" | "postgres" | "psql" | "pgsql" | "plpgsql" | "sqlite"
        | "sqlite3" | "tsql" | "t-sql" | "mssql" | "plsql" | "oracle" | "mariadb" | "bigquery"
        | "snowflake" | "duckdb" | "clickhouse" | "hql" | "cql" | "redshift" | "spark-sql" => {
            data::SQL
        }
        "diff" | "patch" | "udiff" => data::DIFF,
        "markdown" | "md" | "mdx" | "mkd" | "mdown" | "rmd" | "qmd" => data::MARKDOWN,
        "latex" | "tex" | "sty" | "bibtex" | "bib" | "context" => data::LATEX,
        _ => return None,
    };
    Some(language)
}
