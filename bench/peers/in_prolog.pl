% swipl in_prolog.pl -- SPELLING FOLDER SECONDS, where SPELLING is facts or clauses.
%
% `facts` is the expert's: one clause, and the rules a table that Prolog finds by its first argument.
% `clauses` is one clause a rule. Fields ready as terms, and the order's JSON read by the library's
% reader.
:- use_module(library(http/json)).
:- use_module(library(readutil)).
:- initialization(main, main).
:- dynamic rule/3, fires/3, order/3.

matches(facts, order(Country, Total, Lines), Line) :-
    member(line(Line, Tags), Lines), member(Tag, Tags), rule(Tag, Countries, Over),
    memberchk(Country, Countries), Total > Over.
matches(clauses, Order, Line) :- fires(_, Order, Line).

lines(Spelling, Order, Count) :-
    findall(Line, matches(Spelling, Order, Line), All), sort(All, Lines), length(Lines, Count).

from_json(Text, order(Country, Total, Lines)) :-
    setup_call_cleanup(open_string(Text, Stream),
                       json_read_dict(Stream, Dict), close(Stream)),
    atom_string(Country, Dict.ship_to.country), number_string(Total, Dict.total),
    maplist(line_from_json, Dict.lines, Lines).

line_from_json(Line, line(Line.id, Tags)) :- maplist([S, A]>>atom_string(A, S), Line.tags, Tags).

decide(fields, Spelling, Order, Count) :- lines(Spelling, Order, Count).
decide(json, Spelling, Text, Count) :- from_json(Text, Order), lines(Spelling, Order, Count).

% Seconds and matching lines over the first orders that fit into the time.
measure(How, Spelling, Inputs, Limit, Each, Done, Lines) :-
    statistics(cputime, Start), State = state(0, 0),
    ( member(Input, Inputs), decide(How, Spelling, Input, Count),
      arg(1, State, N), N1 is N + 1, nb_setarg(1, State, N1),
      arg(2, State, M), M1 is M + Count, nb_setarg(2, State, M1),
      statistics(cputime, Now), Now - Start > Limit -> true ; true ),
    statistics(cputime, End), arg(1, State, Done), arg(2, State, Lines),
    Each is (End - Start) / Done.

report(How, Spelling, Inputs, Limit) :-
    findall(Each-(Done-Lines),
            ( between(1, 3, _), measure(How, Spelling, Inputs, Limit, Each, Done, Lines) ), Runs),
    msort(Runs, [_, Each-(Done-Lines), _]),
    format("~w ~w ~w ~w~n", [How, Each, Done, Lines]).

main([Spelling, Folder, LimitText]) :-
    atom_number(LimitText, Limit),
    set_prolog_flag(stack_limit, 8000000000),
    format(atom(Rules), "~w/~w.pl", [Folder, Spelling]), statistics(cputime, T0),
    load_files(Rules, [silent(true)]), statistics(cputime, T1), Load is T1 - T0,
    format("load ~w~n", [Load]),
    format(atom(Fields), "~w/orders.pl", [Folder]),
    setup_call_cleanup(open(Fields, read, F), read_terms(F, Orders), close(F)),
    format(atom(Json), "~w/tagged.ndjson", [Folder]),
    setup_call_cleanup(open(Json, read, J), read_texts(J, 5000, Texts), close(J)),
    report(fields, Spelling, Orders, Limit),
    report(json, Spelling, Texts, Limit).

read_terms(F, Orders) :-
    read_term(F, Order, []), ( Order == end_of_file -> Orders = []
    ; Orders = [Order|Rest], read_terms(F, Rest) ).
read_texts(_, 0, []) :- !.
read_texts(J, N, Texts) :-
    read_line_to_string(J, Text), ( Text == end_of_file -> Texts = []
    ; Texts = [Text|Rest], N1 is N - 1, read_texts(J, N1, Rest) ).
