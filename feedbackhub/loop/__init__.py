"""What happens, in order: intake, decision, invitation, delivery, page, answer, event, card.

Every step is a module named after what it does, and data only moves forward. To find your way, follow one contact:

It ends. `accept` keeps what another system says (`receivers` knows who may call), `inbound` reads it by `understand`,
`trying` only tries. `intake` records it: `identify` says who was served, `agents` by whom, `differences` what a
repetition says otherwise, `erased` what must not come back. `merging`, `kinship` and `search` are about persons.

It is decided on. `situation` gathers the facts, `decide` chooses by the policy, `guards` and `opinion` (plugins'
rules) refine or veto; `foresee` does the same without recording, `reask` asks once more.

Its customer is asked. `invite` writes the dated row; `postpone`, `starting` and `wanted` look once more before
`compose` (with `blanks` and `short_texts`) writes the message and `deliver` hands it to a channel; `sent` notes it,
`redeliver` is for people. What comes back goes through `returned`, `replies`, `machines` and `suppress`; `reach` is how
to write to somebody now. Links: `kit`, `link_kit`; for everybody `open_links`, `open_kit`, `claims`.

It is answered. `page` shows, `collect` stores, `filing` writes with all that it changes, `confidence` says how human it
was and `judge` lets a person decide, `settle` closes. `shelf`, `question_types` and `question_looks` are the surveys,
`summarise` and `response_view` an answer in short and for outsiders.

Others learn of it. `tell` makes it an event, `facts` shows it to plugins, `following` and `subscribers` read on by
`handing`, `standing` and `lag`, `effects` stores what follows, `keeping` says how long. `tallies`, `counted` and
`recounting` are the counts. `gestures`, `gesture_kinds`, `plugin_gestures`: what was done for a customer. `letters`,
`letter_parts`, `letter_ends`: what plugins write.

The next agent sees the `card`: `card_parts`, `careful`, and the plugins' `plugin_pieces`.

Reports and files. `analyst` asks `analyst_workers`, each an `analyst_process`, in `report_json`; `snapshots` keeps what
lasts. `record_sets`, `record_groups` and `record_values` are records by column. `exporting` writes files, with
`export_files`, `export_progress`, `export_slots` and `export_words`.

Whatever is due is done by the `engine`: `bell` and `pump` find it within `limits` and `rates`, a `runner`
(`runner_threads` with its `crew`, or `runner_celery` with `wire` and `carried`) does it by `work`, `fence` and `keeper`
keep it to one, `retry` says when again, `steady` whether the clock can be believed. `house` runs what comes round
(`housekeeping`, `pulse`, `notes`), `periodic` and `slots` what plugins repeat.

Plugins stand behind the `contained` guard and reach the `backstage`: `reading` and `reading_records`, `own_tables` and
`own_schemas`, `plugin_queue`, `plugin_tasks` and `plugin_hands`, `plugin_views`, `erase_later`; `tracing` notes what
ran, `plain` makes their words fit to be stored.

All of it hangs together in the `core`, which `opening` makes; doors get `views` and `listing`, the log the `journal`.
"""
