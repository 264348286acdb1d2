// The same agent as auditor.c in Rust, equal in every byte of output; how it is checked says README.md.
// Built elsewhere by: rustc --target wasm32-wasip1 -O auditor.rs
use std::io::{stdin, Read};
use std::process::exit;

const INPUT_LIMIT: u64 = 16 * 1024 * 1024;
const TOKEN_LIMIT: usize = 1 << 18;
const FINDING_LIMIT: usize = 1000;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Number,
    String,
    Sign,
    Comment,
}

#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a [u8],
    line: u32,
    column: usize,
    kind: Kind,
}

struct Audit<'a> {
    tokens: Vec<Token<'a>>,
    findings: Vec<String>,
}

fn refuse(expected: &str) -> ! {
    eprintln!("{expected}");
    exit(65)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$'
}

fn end_of_comment(input: &[u8], at: usize) -> usize {
    let (skip, length, mark): (usize, usize, &[u8]) = if input[at + 1] == b'/' { (0, 0, b"\n") } else { (2, 2, b"*/") };
    let rest = input.get(at + skip..).unwrap_or(&[]);
    rest.windows(mark.len()).position(|window| window == mark).map_or(input.len(), |found| at + skip + found + length)
}

fn end_of_string(input: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < input.len() && input[at] != input[from] && input[at] != b'\n' {
        at += if input[at] == b'\\' { 2 } else { 1 };
    }
    input.len().min(at + 1)
}

fn end_of_word(input: &[u8], at: usize) -> usize {
    at + input[at..].iter().take_while(|&&byte| is_letter(byte) || byte.is_ascii_digit()).count()
}

fn cut(input: &[u8]) -> (Vec<Token<'_>>, u32) {
    let (mut tokens, mut lines, mut line_start, mut at) = (Vec::new(), 1, 0, 0);
    while at < input.len() {
        let (byte, from, line, column) = (input[at], at, lines, at - line_start + 1);
        if byte <= b' ' {
            at += 1;
            if byte == b'\n' {
                (lines, line_start) = (lines + 1, at);
            }
            continue;
        }
        let kind;
        (kind, at) = match (byte, input.get(at + 1)) {
            (b'/', Some(b'/' | b'*')) => (Kind::Comment, end_of_comment(input, at)),
            (b'"' | b'\'', _) => (Kind::String, end_of_string(input, at)),
            _ if is_letter(byte) => (Kind::Word, end_of_word(input, at)),
            _ if byte.is_ascii_digit() => (Kind::Number, end_of_word(input, at)),
            _ => (Kind::Sign, at + 1),
        };
        if tokens.len() == TOKEN_LIMIT {
            refuse("expected at most 262144 tokens");
        }
        let text = &input[from..at];
        tokens.push(Token { text, line, column, kind });
        if kind == Kind::Comment {
            for (i, _) in text.iter().enumerate().filter(|&(_, &byte)| byte == b'\n') {
                (lines, line_start) = (lines + 1, from + i + 1);
            }
        }
    }
    (tokens, lines)
}

impl Audit<'_> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            !matches!(token.kind, Kind::String | Kind::Comment) && token.text == word.as_bytes()
        })
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    fn before(&self, at: usize, word: &str) -> bool {
        at > 0 && self.is(at - 1, word)
    }

    fn follows(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.is(at + i, word))
    }

    fn find(&mut self, at: usize, rule: &str, severity: &str, message: &str) {
        if self.findings.len() == FINDING_LIMIT {
            return;
        }
        let Token { line, column, .. } = self.tokens[at];
        self.findings.push(format!(
            "\n  {{\"rule\":\"{rule}\",\"severity\":\"{severity}\",\"line\":{line},\"column\":{column},\"message\":\"{message}\"}}"
        ));
    }

    /// The index after the bracket that closes the one at `at`.
    fn after_bracket(&self, at: usize) -> usize {
        let mut depth = 0;
        for i in at..self.tokens.len() {
            depth += i32::from(self.is(i, "("));
            if self.is(i, ")") {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
        }
        self.tokens.len()
    }

    /// The first token of the statement that holds `at`.
    fn start_of_statement(&self, mut at: usize) -> usize {
        while at > 0 && !self.is_any(at - 1, &[";", "{", "}"]) {
            at -= 1;
        }
        at + self.tokens[at..].iter().take_while(|token| token.kind == Kind::Comment).count()
    }

    fn origin(&mut self, at: usize) {
        if self.follows(at, &["tx", ".", "origin"]) {
            self.find(at, "tx-origin", "high", "tx.origin names the first sender; a contract in between can act for him");
        }
    }

    fn destruct(&mut self, at: usize) {
        if self.is_any(at, &["selfdestruct", "suicide"]) {
            self.find(at, "selfdestruct", "high", "selfdestruct sends all value away and is deprecated");
        }
    }

    fn delegatecall(&mut self, at: usize) {
        if self.is(at, "delegatecall") && self.before(at, ".") {
            self.find(at, "delegatecall", "high", "delegatecall runs foreign code on this contract's storage");
        }
    }

    fn time(&mut self, at: usize) {
        const COMPARISONS: [&str; 4] = ["<", ">", "=", "%"];
        if !self.follows(at, &["block", ".", "timestamp"]) {
            return;
        }
        if (at > 0 && self.is_any(at - 1, &COMPARISONS)) || self.is_any(at + 3, &COMPARISONS) {
            self.find(at, "timestamp", "low", "a decision by block.timestamp can be shifted by the block's proposer");
        }
    }

    fn randomness(&mut self, at: usize) {
        let known = self.follows(at, &["block", "."]) && self.is_any(at + 2, &["prevrandao", "difficulty"]);
        if self.is(at, "blockhash") || known {
            let message = "block values are known to the proposer and are no secret randomness";
            self.find(at, "weak-randomness", "medium", message);
        }
    }

    fn unchecked_call(&mut self, at: usize) {
        let calls = self.is_any(at, &["call", "send", "staticcall", "delegatecall"]);
        if !calls || !self.before(at, ".") || !self.is_any(at + 1, &["(", "{"]) {
            return;
        }
        let checks = ["require", "if", "assert", "return", "="];
        if !(self.start_of_statement(at)..at).any(|i| self.is_any(i, &checks)) {
            self.find(at, "unchecked-call", "high", "the result of a low-level call is dropped");
        }
    }

    // A write to storage after a call that sends value: only names assigned without a type before them count.
    fn reentrancy(&mut self, at: usize) {
        if !self.before(at, ".") || !self.follows(at, &["call", "{", "value"]) {
            return;
        }
        let (mut depth, mut i) = (1, at + 1);
        while i + 1 < self.tokens.len() && depth != 0 {
            depth += i32::from(self.is(i, "{")) - i32::from(self.is(i, "}"));
            let assigns = self.is(i, "=") && !self.is(i + 1, "=") && !self.is_any(i - 1, &["=", "!", "<", ">"]);
            let stored = |audit: &Self| audit.is_any(i - 1, &["+", "-", "*", "/", "]"]) || audit.start_of_statement(i) == i - 1;
            if assigns && stored(self) {
                self.find(i - 1, "reentrancy", "high", "state changes after value was sent; change it before, or lock");
                return;
            }
            i += 1;
        }
    }

    fn pragma(&mut self, at: usize) {
        if self.follows(at, &["pragma", "solidity"]) && self.is_any(at + 2, &["^", ">"]) {
            self.find(at, "floating-pragma", "low", "the compiler's version is not pinned");
        }
    }

    fn visibility(&mut self, at: usize) {
        if !self.is(at, "function") || self.is(at + 1, "(") {
            return;
        }
        let end = (at..self.tokens.len()).find(|&i| self.is_any(i, &["{", ";"])).unwrap_or(self.tokens.len());
        if (at..end).any(|i| self.is_any(i, &["public", "external", "internal", "private"])) {
            return;
        }
        // A free function stands outside every contract and has no visibility.
        let depth: i32 = (0..at).map(|i| i32::from(self.is(i, "{")) - i32::from(self.is(i, "}"))).sum();
        if depth > 0 {
            self.find(at, "visibility", "medium", "a function without a visibility");
        }
    }

    fn packed(&mut self, at: usize) {
        if !self.follows(at, &["encodePacked", "("]) {
            return;
        }
        let (mut depth, mut several) = (0, false);
        for i in at + 1..self.after_bracket(at + 1) {
            depth += i32::from(self.is_any(i, &["(", "["])) - i32::from(self.is_any(i, &[")", "]"]));
            several |= depth == 1 && self.is(i, ",");
        }
        if several {
            let message = "abi.encodePacked of several values can collide; use abi.encode";
            self.find(at, "packed-hash", "medium", message);
        }
    }

    fn balance(&mut self, at: usize) {
        if self.before(at, ".") && self.follows(at, &["balance", "=", "="]) {
            let message = "anyone can change a balance by sending value; do not compare it exactly";
            self.find(at, "strict-balance", "medium", message);
        }
    }

    fn assembly(&mut self, at: usize) {
        if self.is(at, "assembly") {
            self.find(at, "assembly", "info", "inline assembly leaves the compiler's checks");
        }
    }

    fn transfer(&mut self, at: usize) {
        if !self.is_any(at, &["transfer", "send"]) || !self.before(at, ".") || !self.is(at + 1, "(") {
            return;
        }
        let mut depth = 0;
        for i in at + 1..self.after_bracket(at + 1) {
            depth += i32::from(self.is(i, "(")) - i32::from(self.is(i, ")"));
            if depth == 1 && self.is(i, ",") {
                return; // two arguments: a token, not the chain's coin
            }
        }
        self.find(at, "fixed-gas-send", "low", "transfer and send pass 2300 gas, which may stop sufficing");
    }

    fn license(&mut self) {
        let mark = b"SPDX-License-Identifier:";
        let comments = self.tokens.iter().filter(|token| token.kind == Kind::Comment);
        let marked = comments.flat_map(|token| token.text.windows(mark.len())).any(|window| window == mark);
        if !marked && !self.tokens.is_empty() {
            self.find(0, "license", "info", "no SPDX license identifier");
        }
    }
}

fn main() {
    let mut input = Vec::new();
    if stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).is_err() {
        exit(74);
    }
    if input.len() as u64 > INPUT_LIMIT {
        refuse("expected at most 16 MiB of input");
    }
    let (tokens, lines) = cut(&input);
    let mut audit = Audit { tokens, findings: Vec::new() };
    let rules = [
        Audit::origin, Audit::destruct, Audit::delegatecall, Audit::time, Audit::randomness, Audit::unchecked_call,
        Audit::reentrancy, Audit::pragma, Audit::visibility, Audit::packed, Audit::balance, Audit::assembly, Audit::transfer,
    ];
    audit.license();
    for at in 0..audit.tokens.len() {
        for rule in rules {
            rule(&mut audit, at);
        }
    }
    let end = if audit.findings.is_empty() { "" } else { "\n" };
    println!("{{\"findings\":[{}{end}],\"lines\":{lines}}}", audit.findings.join(","));
}
