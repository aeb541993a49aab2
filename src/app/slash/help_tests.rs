use super::*;

#[test]
fn the_overview_is_a_table_on_a_usual_terminal() {
    insta::assert_snapshot!(help(None, 80).expect("it is there"), @r#"
    chat    /help [COMMAND]      this list, or all about one command
            /exit                leave; so do `exit`, `quit` and `:q` alone
            /new                 begin a new conversation; `/undo` goes back
            /clear               begin anew on an empty screen; `/undo` goes back
            /sessions            list what was said before, the latest first
            /resume [WHICH]      go on with another session; alone: list them
            /search WORDS        find words in all sessions; quotes: a phrase
            /rename NAME|-       call this session something; `-`: nothing
            /fork [NAME]         go on in a new session; this one stays as it is
    turns   /retry [PROFILE]     ask the last question again; the old answer stays
            /undo [N]            take back the last turn, or N; `/tree` keeps them
            /edit [N]            edit the last question, or N-th last; ask again
            /continue            go on with an answer that was cut or stopped
            /tree [N]            show every turn, or go on from turn N
            /compact [TEXT]      sum up the talk to make room; TEXT: what to keep
    models  /profile [NAME|-]    list profiles, or switch; `-` switches back
            /model [NAME]        show the model, or take another one
            /models              list the models that the server offers
            /ask PROFILE TEXT    ask another profile, for this turn only
            /compare P1,P2 TEXT  ask two profiles or more the same
            /system [TEXT|-]     show or set the system prompt; `-` sends none
            /set [KEY=VALUE]     list or change settings; `KEY=` takes one back
    files   /file [PATH|-]       attach a text file; `-` takes the last one back
            /copy [N]            copy the last answer, or its N-th code block
            /save [N] FILE       save the last answer, or its N-th code block
            /export FILE         save the conversation: Markdown, HTML or JSON
    look    /raw                 the last answer once more, as it came
            /thinking [HOW]      how thinking is shown
            /show                what would be sent, and where to
            /context             how full the model's window is
            /usage               the tokens of this chat
    keys    Ctrl-C, Ctrl-D       clear the line or stop an answer; leave
            Alt-Enter, Ctrl-J    a new line; or `\` at its end, `"""` round all
            Ctrl-G               write the question in `$VISUAL` or `$EDITOR`
            Ctrl-R, Tab          search the history; complete what is typed
            @path                attach a text file; pasted words attach nothing
            //text               send a message that begins with `/`
    Other names: /?, /quit, /bye, /q, /history, /load, /find, /name, /title,
    /branch, /regenerate, /rewind, /editor, /compress, /summarize, /tokens, /cost,
    /stats. `/help COMMAND` tells more.
    "#);
}

#[test]
fn the_overview_is_a_list_on_a_narrow_terminal() {
    insta::assert_snapshot!(help(None, 40).expect("it is there"), @r#"
    chat
      /help [COMMAND]
        this list, or all about one command
      /exit
        leave; so do `exit`, `quit` and `:q`
        alone
      /new
        begin a new conversation; `/undo`
        goes back
      /clear
        begin anew on an empty screen;
        `/undo` goes back
      /sessions
        list what was said before, the
        latest first
      /resume [WHICH]
        go on with another session; alone:
        list them
      /search WORDS
        find words in all sessions; quotes:
        a phrase
      /rename NAME|-
        call this session something; `-`:
        nothing
      /fork [NAME]
        go on in a new session; this one
        stays as it is
    turns
      /retry [PROFILE]
        ask the last question again; the old
        answer stays
      /undo [N]
        take back the last turn, or N;
        `/tree` keeps them
      /edit [N]
        edit the last question, or N-th
        last; ask again
      /continue
        go on with an answer that was cut or
        stopped
      /tree [N]
        show every turn, or go on from turn
        N
      /compact [TEXT]
        sum up the talk to make room; TEXT:
        what to keep
    models
      /profile [NAME|-]
        list profiles, or switch; `-`
        switches back
      /model [NAME]
        show the model, or take another one
      /models
        list the models that the server
        offers
      /ask PROFILE TEXT
        ask another profile, for this turn
        only
      /compare P1,P2 TEXT
        ask two profiles or more the same
      /system [TEXT|-]
        show or set the system prompt; `-`
        sends none
      /set [KEY=VALUE]
        list or change settings; `KEY=`
        takes one back
    files
      /file [PATH|-]
        attach a text file; `-` takes the
        last one back
      /copy [N]
        copy the last answer, or its N-th
        code block
      /save [N] FILE
        save the last answer, or its N-th
        code block
      /export FILE
        save the conversation: Markdown,
        HTML or JSON
    look
      /raw
        the last answer once more, as it
        came
      /thinking [HOW]
        how thinking is shown
      /show
        what would be sent, and where to
      /context
        how full the model's window is
      /usage
        the tokens of this chat
    keys
      Ctrl-C, Ctrl-D
        clear the line or stop an answer;
        leave
      Alt-Enter, Ctrl-J
        a new line; or `\` at its end, `"""`
        round all
      Ctrl-G
        write the question in `$VISUAL` or
        `$EDITOR`
      Ctrl-R, Tab
        search the history; complete what is
        typed
      @path
        attach a text file; pasted words
        attach nothing
      //text
        send a message that begins with `/`
    Other names: /?, /quit, /bye, /q,
    /history, /load, /find, /name, /title,
    /branch, /regenerate, /rewind, /editor,
    /compress, /summarize, /tokens, /cost,
    /stats. `/help COMMAND` tells more.
    "#);
}

#[test]
fn one_command_is_explained_with_its_other_names() {
    insta::assert_snapshot!(help(Some("undo"), 80).expect("it is there"), @r"
    /undo [N]
      take back the last turn, or N; `/tree` keeps them
      other names: /rewind

    A turn is a question with its answer. What is taken back is not sent any more,
    and it is not lost: `/tree` shows it, and `/tree N` goes on from there. Right
    after `/new` or `/clear` it goes back to the conversation that was left.
    ");
    assert_eq!(help(Some("/rewind"), 80), help(Some("undo"), 80));
    insta::assert_snapshot!(help(Some("models"), 40).expect("it is there"), @r"
    /models
      list the models that the server offers
    ");
}

#[test]
fn help_about_what_is_no_command_names_the_nearest() {
    let misuse = help(Some("/profle"), 80).expect_err("it is no command");
    assert_eq!(misuse.message, "`/profle` is no command");
    assert_eq!(misuse.hints[0], "did you mean `/profile`?");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let topics = COMMANDS.iter().map(|command| Some(command.name)).chain([None]);
    for (topic, columns) in topics.flat_map(|it| [24, 40, 71, 72, 80].map(|width| (it, width))) {
        let text = help(topic, columns).expect("it is there");
        let too_long = text.lines().find(|line| line.chars().count() > columns);
        assert_eq!(too_long, None, "{topic:?} at {columns}");
        assert_eq!(text.lines().find(|line| line.ends_with(' ')), None, "{topic:?} at {columns}");
    }
    assert_eq!(help(None, 0), help(None, NARROWEST));
    assert_eq!(help(None, 500), help(None, WIDEST));
}
