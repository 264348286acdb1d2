// The same agent as summarizer.c in Rust, equal in every byte of output; how it is checked says README.md.
// Built elsewhere by: rustc --target wasm32-wasip1 -O summarizer.rs
use std::collections::HashMap;
use std::io::{stdin, stdout, Read, Write};
use std::process::exit;

const INPUT_LIMIT: u64 = 16 * 1024 * 1024;
const SENTENCE_LIMIT: usize = 4096;
const WORD_LIMIT: usize = 8192;
const DEFAULT_SENTENCES: usize = 3;
const SCALE: u64 = 1024;

const STOP_WORDS: &str = " a about after all also an and any are as at be because been before but by can could did do does for \
    from had has have he her his how i if in into is it its may more most no not of on one only or other \
    our out over she should so some such than that the their them then there these they this to under up \
    was we were what when where which while who will with would you your ";

struct Sentence {
    from: usize,
    to: usize,
    weight: u64,
    chosen: bool,
}

fn refuse(expected: &str) -> ! {
    eprintln!("{expected}");
    exit(65)
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || byte == b'\''
}

fn is_stop_word(word: &[u8]) -> bool {
    let low = word.to_ascii_lowercase();
    STOP_WORDS.split(' ').any(|stop| stop.as_bytes() == low)
}

// Two words of one 32-bit FNV-1a hash count as one, as in C; hash 0 is kept for "none".
fn hash_of(word: &[u8]) -> u32 {
    let hash = word.iter().fold(2_166_136_261u32, |hash, &byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(16_777_619)
    });
    hash.max(1)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&byte| !in_word(byte)).filter(|word| !word.is_empty())
}

fn counts(word: &[u8]) -> bool {
    word.len() >= 2 && !is_stop_word(word)
}

fn count_words(input: &[u8]) -> HashMap<u32, u64> {
    let mut found = HashMap::new();
    for word in words(input).filter(|word| counts(word)) {
        *found.entry(hash_of(word)).or_insert(0) += 1;
        if found.len() > WORD_LIMIT {
            refuse("expected at most 8192 different words");
        }
    }
    found
}

fn ends_sentence(input: &[u8], at: usize) -> bool {
    let next = input.get(at + 1);
    match input[at] {
        b'\n' => next == Some(&b'\n'),
        b'.' | b'!' | b'?' => next.is_none_or(|&byte| byte <= b' ' || byte == b'"'),
        _ => false,
    }
}

fn split(input: &[u8]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < input.len() {
        while from == at && at < input.len() && input[at] <= b' ' {
            at += 1;
            from = at;
        }
        if at >= input.len() {
            break;
        }
        if !ends_sentence(input, at) && at + 1 < input.len() {
            at += 1;
            continue;
        }
        if sentences.len() == SENTENCE_LIMIT {
            refuse("expected at most 4096 sentences");
        }
        let to = if input.get(at + 1) == Some(&b'"') { at + 2 } else { at + 1 };
        sentences.push(Sentence { from, to, weight: 0, chosen: false });
        from = to;
        at = to;
    }
    sentences
}

// Very short sentences would win by one loud word: no mean is taken over fewer than six.
fn weigh(sentence: &[u8], found: &HashMap<u32, u64>) -> u64 {
    let count = words(sentence).count() as u64;
    let sum: u64 = words(sentence).filter(|word| counts(word)).map(|word| found.get(&hash_of(word)).unwrap_or(&0)).sum();
    sum * SCALE / count.max(6)
}

fn wanted_sentences() -> usize {
    let Some(given) = std::env::args().nth(1) else { return DEFAULT_SENTENCES };
    let digits = given.bytes().all(|byte| byte.is_ascii_digit());
    match given.parse::<usize>() {
        Ok(number) if digits && (1..=SENTENCE_LIMIT).contains(&number) => number,
        _ => refuse("expected a number of sentences from 1 to 4096"),
    }
}

fn line(sentence: &[u8]) -> Vec<u8> {
    let parts = sentence.split(|&byte| byte <= b' ').filter(|part| !part.is_empty());
    let mut line = parts.collect::<Vec<_>>().join(&b' ');
    line.push(b'\n');
    line
}

fn main() {
    let wanted = wanted_sentences();
    let mut input = Vec::new();
    if stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).is_err() {
        exit(74);
    }
    if input.len() as u64 > INPUT_LIMIT {
        refuse("expected at most 16 MiB of input");
    }
    let found = count_words(&input);
    let mut sentences = split(&input);
    for sentence in &mut sentences {
        sentence.weight = weigh(&input[sentence.from..sentence.to], &found);
    }
    if let Some(first) = sentences.first_mut() {
        first.weight += first.weight / 4;
    }
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(sentences[i].weight), i));
    for &i in order.iter().take(wanted) {
        sentences[i].chosen = true;
    }
    let chosen = sentences.iter().filter(|sentence| sentence.chosen);
    let output: Vec<u8> = chosen.flat_map(|sentence| line(&input[sentence.from..sentence.to])).collect();
    if stdout().write_all(&output).is_err() {
        exit(74);
    }
}
