use std::{collections::BTreeMap, fs};

use proptest::{collection::vec, option, prelude::*, sample::select};
use tempfile::TempDir;

use super::{
    super::testing::{self, answer, begun, file, lines, put, turn},
    *,
};

/// A session's number in the catalog, its hits by turn and side.
type Places = Vec<(String, Vec<(usize, bool)>)>;

/// The same by reading everything, with patterns of its own.
fn naive(store: &Store, query: &Query, most: usize) -> Places {
    let entries = store.catalog().unwrap().entries;
    let patterns: Vec<Regex> = query
        .texts
        .iter()
        .map(|text| {
            let words: Vec<String> = text.split_whitespace().map(regex::escape).collect();
            Regex::new(&format!("(?i){}", words.join(r"\s+"))).unwrap()
        })
        .chain(query.pattern.clone())
        .collect();
    let root = |entry: &Entry| {
        let mut root = entry.id.clone();
        while let Some(entry) = entries.iter().find(|it| it.id == root)
            && let Some(parent) = &entry.forked_from
        {
            root = parent.clone();
        }
        root
    };
    let mut oldest: Vec<&Entry> = entries.iter().collect();
    oldest.sort_by_key(|entry| (entry.begun_at, entry.id.clone()));
    let mut told = HashSet::new();
    let mut hits: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
    for entry in oldest {
        let (_, replayed) = store.replay(&store.sessions().join(&entry.file)).unwrap();
        for (id, turn) in replayed.conversation.turns() {
            let account = &replayed.accounts[id.number() - 1];
            let is_wanted = query.profile.as_ref().is_none_or(|it| *it == account.profile)
                && query.since.is_none_or(|since| account.asked_at >= since)
                && query.until.is_none_or(|until| account.asked_at < until);
            let question = (!turn.is_continuation).then(|| turn.words().to_owned());
            let answer = turn.answer.as_ref().map(crate::chat::Answer::words);
            for (is_question, words) in [(true, question), (false, answer)] {
                let is_found =
                    words.is_some_and(|words| patterns.iter().all(|it| it.is_match(&words)));
                if is_wanted
                    && is_found
                    && told.insert((root(entry), account.key.clone(), is_question))
                {
                    let hits = hits.entry(entry.file.clone()).or_default();
                    hits.push((id.number(), is_question));
                }
            }
        }
    }
    let found =
        entries.iter().filter_map(|entry| Some((entry.file.clone(), hits.remove(&entry.file)?)));
    found.take(most).collect()
}

fn places(found: &[Found]) -> Places {
    let places = |hits: &[Hit]| hits.iter().map(|hit| (hit.turn, hit.is_question)).collect();
    found.iter().map(|found| (found.entry.file.clone(), places(&found.hits))).collect()
}

fn words(words: &[&str]) -> Query {
    Query { texts: words.iter().map(|&word| word.to_owned()).collect(), ..Query::default() }
}

fn query() -> impl Strategy<Value = Query> {
    let pattern = option::weighted(0.2, select(vec!["sk.", "^$", r"\bk\b", "(?i)needle"]));
    let profile = option::weighted(0.2, select(vec!["p", "q"]));
    let parts = (vec(testing::text(), 0..3), pattern, profile, option::weighted(0.2, 0_i64..200));
    parts.prop_map(|(texts, pattern, profile, since)| Query {
        texts,
        pattern: pattern.map(|it| Regex::new(it).unwrap()),
        profile: profile.map(str::to_owned),
        since: since.map(|second| {
            let begin = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
            Time::of(begin + jiff::SignedDuration::from_secs(second))
        }),
        ..Query::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn signatures_and_bytes_rule_nothing_out_that_is_there(
        one in testing::content(0), two in testing::content(1), three in testing::content(2),
        query in query(), most in 0_usize..4,
    ) {
        let folder = TempDir::new().unwrap();
        let store = testing::store(&folder);
        put(&store, 0, &one);
        put(&store, 1, &two);
        put(&store, 2, &three);
        let wanted = naive(&store, &query, most);
        prop_assert_eq!(&places(&store.search(&query, most).unwrap()), &wanted);
        let signed = store.search_signing(&words(&[]), usize::MAX, 0).unwrap();
        prop_assert!(signed.iter().all(|found| !found.hits.is_empty()));
        let kept = Kept::read(&store);
        prop_assert!(store.rows().unwrap().rows.iter().all(|row| kept.of(row).is_some()));
        prop_assert_eq!(&places(&store.search(&query, most).unwrap()), &wanted);
        // What was said since is found without a signature.
        let more = lines(&[turn("new", 199, "p", query.texts.first().map_or("", |it| it))]);
        put(&store, 1, [two, b"\n".to_vec(), more.into_bytes()].concat());
        let wanted = naive(&store, &query, most);
        prop_assert_eq!(places(&store.search(&query, most).unwrap()), wanted);
    }
}

/// Two sessions; the second one is a fork of the first.
fn forked(folder: &TempDir) -> Store {
    let store = testing::store(folder);
    let shared = [
        turn("a", 1, "p", "why is the sky blue?"),
        answer("a", 2, &[("reasoning", "scattering"), ("text", "It is\n\nRayleigh's doing.")]),
    ];
    let [question, answered] = shared.clone();
    put(
        &store,
        1,
        lines(&[begun(1, None), question, answered, turn("b", 3, "q", "and at night?")]),
    );
    let [question, answered] = shared;
    put(
        &store,
        2,
        lines(&[begun(2, Some(1)), question, answered, turn("c", 9, "p", "and the sea?")]),
    );
    store
}

#[test]
fn what_forks_share_is_told_once_where_it_was_said_first() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    assert_eq!(places(&store.search(&words(&["sky"]), 9).unwrap()), [(file(1), vec![(1, true)])]);
    let both = store.search(&words(&["and"]), 9).unwrap();
    assert_eq!(places(&both), [(file(2), vec![(2, true)]), (file(1), vec![(2, true)])]);
}

#[test]
fn forks_of_a_session_that_is_gone_tell_what_they_share_once() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    for number in [1, 2] {
        let asked = turn("a", 1, "p", "why is the sky blue?");
        put(&store, number, lines(&[begun(number, Some(9)), asked]));
    }
    assert_eq!(places(&store.search(&words(&["sky"]), 9).unwrap()), [(file(1), vec![(1, true)])]);
}

#[test]
fn a_hit_shows_the_words_round_it() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    let found = store.search(&words(&["it IS rayleigh", "DOING"]), 9).unwrap();
    let hit = &found[0].hits[0];
    assert_eq!(hit.snippet, "It is Rayleigh's doing.");
    let marked: Vec<&str> = hit.marks.iter().map(|mark| &hit.snippet[mark.clone()]).collect();
    assert_eq!(marked, ["It is Rayleigh", "doing"]);
    assert_eq!((hit.turn, hit.is_question), (1, false));
}

#[test]
fn words_must_stand_in_the_same_question_or_answer() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    assert_eq!(places(&store.search(&words(&["sky", "rayleigh"]), 9).unwrap()), []);
    assert_eq!(places(&store.search(&words(&["scattering"]), 9).unwrap()), [], "thoughts");
}

#[test]
fn an_answer_that_still_grows_is_found_over_its_pieces() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    let more = |text: &str| serde_json::json!({"type": "more", "turn": "a", "part": 0, "kind": "text", "text": text});
    let said = [begun(1, None), turn("a", 1, "p", "why?"), more("because of ray"), more("leigh")];
    put(&store, 1, lines(&said));
    let found = places(&store.search(&words(&["rayleigh"]), 9).unwrap());
    assert_eq!(found, [(file(1), vec![(1, false)])]);
}

#[test]
fn a_pattern_and_the_profile_narrow_it_down() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    let pattern = Regex::new("^and .*ht").unwrap();
    let query = Query { pattern: Some(pattern), ..Query::default() };
    assert_eq!(places(&store.search(&query, 9).unwrap()), [(file(1), vec![(2, true)])]);
    let query = Query { profile: Some("q".to_owned()), ..words(&["and"]) };
    assert_eq!(places(&store.search(&query, 9).unwrap()), [(file(1), vec![(2, true)])]);
    let query = Query { model: Some("other".to_owned()), ..words(&["and"]) };
    assert_eq!(places(&store.search(&query, 9).unwrap()), []);
}

#[test]
fn few_sessions_get_no_signatures() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    store.search(&words(&["sky"]), 9).unwrap();
    let files = fs::read_dir(store.derived()).unwrap();
    let mut names: Vec<_> = files.map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["catalog.jsonl", "sessions.lock"]);
}

#[test]
fn a_signature_rules_a_file_out_without_reading_it() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    let row = store.rows().unwrap().rows.into_iter().find(|row| row.entry.file == file(1)).unwrap();
    kept::write(&store, [(&row, &[0_u8; 64][..])].into_iter());
    let found = places(&store.search(&words(&["sky"]), 9).unwrap());
    assert_eq!(found, [(file(2), vec![(1, true)])], "the first session's signature is empty");
}

#[test]
fn broken_signatures_are_as_good_as_none() {
    let folder = TempDir::new().unwrap();
    let store = forked(&folder);
    let found = store.search_signing(&words(&["and"]), 9, 0).unwrap();
    let path = store.derived().join("signatures");
    let whole = fs::read(&path).unwrap();
    let mut zeros = whole.clone();
    // A page that never came to the disk: without its sum, this signature would rule out anything.
    let name = memchr::memmem::rfind(&zeros, b".jsonl").unwrap();
    zeros[name + b".jsonl".len()..].fill(0);
    for broken in [whole[..whole.len() - 1].to_vec(), zeros, b"byok signatures 9\n".to_vec()] {
        fs::write(&path, broken).unwrap();
        assert_eq!(store.search(&words(&["and"]), 9).unwrap(), found);
    }
}
