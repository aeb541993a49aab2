use regex::Regex;

use super::*;

#[test]
fn letters_that_a_pattern_takes_for_one_another_become_one() {
    let has_case = |letter: &char| {
        let changes = |mut letters: Box<dyn Iterator<Item = char>>| letters.next() != Some(*letter);
        changes(Box::new(letter.to_lowercase())) || changes(Box::new(letter.to_uppercase()))
    };
    let others = ['\u{1fd3}', '\u{390}', '\u{1fe3}', '\u{3b0}', '\u{fb05}', '\u{fb06}', 'ß', 'ẞ'];
    let letters: Vec<char> = ('\0'..=char::MAX).filter(has_case).chain(others).collect();
    let all: String = letters.iter().collect();
    let folding = Folding::new();
    for letter in &letters {
        let pattern = Regex::new(&format!("(?i){letter}")).unwrap();
        for found in pattern.find_iter(&all) {
            let other = found.as_str().chars().next().unwrap();
            assert_eq!(folding.of(*letter), folding.of(other), "{letter} {other}");
        }
    }
    assert_eq!(folding.of('K'), 'k');
    assert_eq!(folding.of('\u{212a}'), 'k');
    assert_eq!(folding.of('漢'), '漢');
}
