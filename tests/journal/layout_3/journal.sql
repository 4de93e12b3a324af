PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE added_up (
    run INTEGER PRIMARY KEY,
    nth INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    definitions INTEGER NOT NULL,
    dates TEXT NOT NULL
);
CREATE TABLE choice (
    what TEXT PRIMARY KEY,
    fact TEXT NOT NULL,
    details TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE day (
    day TEXT PRIMARY KEY,
    dues TEXT NOT NULL,
    page TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE fact (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    t_ms INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    fact TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
INSERT INTO "fact" VALUES(1,1,1,5001,'sat','{}');
INSERT INTO "fact" VALUES(1,6,1500001,1500001,'invite','{"sitting_s": 1500.0}');
INSERT INTO "fact" VALUES(1,7,1800001,1800001,'due','{"sitting_s": 1800.0}');
INSERT INTO "fact" VALUES(1,8,1860001,1860001,'sound','{"cue": "reminder", "nth": 1}');
INSERT INTO "fact" VALUES(1,9,1861001,1861001,'snoozed','{"until":2161.001,"nth":1,"felt":"well"}');
INSERT INTO "fact" VALUES(1,12,2161001,2161001,'sound','{"cue": "reminder", "nth": 2}');
INSERT INTO "fact" VALUES(1,13,2221826,2221826,'acknowledged','{}');
INSERT INTO "fact" VALUES(1,16,2223901,2223901,'guide_started','{"asked": true}');
INSERT INTO "fact" VALUES(1,18,2221901,2236901,'left','{}');
INSERT INTO "fact" VALUES(1,19,2251751,2251751,'stretch_started','{"stretch": "march", "side": "both"}');
INSERT INTO "fact" VALUES(1,20,2265751,2265751,'stretch_done','{"stretch": "march", "side": "both"}');
INSERT INTO "fact" VALUES(1,21,2221901,2281901,'bout','{"start": 0.001, "seated_s": 2221.9}');
INSERT INTO "fact" VALUES(1,22,2293251,2293251,'stretch_started','{"stretch": "hip_lunge", "side": "right"}');
INSERT INTO "fact" VALUES(1,23,2312751,2312751,'stretch_done','{"stretch": "hip_lunge", "side": "right"}');
INSERT INTO "fact" VALUES(1,24,2317751,2317751,'stretch_started','{"stretch": "hip_lunge", "side": "left"}');
INSERT INTO "fact" VALUES(1,25,2337251,2337251,'stretch_done','{"stretch": "hip_lunge", "side": "left"}');
INSERT INTO "fact" VALUES(1,26,2341901,2341901,'full_break','{}');
INSERT INTO "fact" VALUES(1,27,2341901,2341901,'break_honoured','{"after": "due", "rose_after_s": 421.9}');
INSERT INTO "fact" VALUES(1,28,2365851,2365851,'stretch_started','{"stretch": "quad_pull", "side": "right"}');
INSERT INTO "fact" VALUES(1,29,2385451,2385451,'stretch_done','{"stretch": "quad_pull", "side": "right"}');
INSERT INTO "fact" VALUES(1,30,2394451,2394451,'stretch_started','{"stretch": "quad_pull", "side": "left"}');
INSERT INTO "fact" VALUES(1,31,2414051,2414051,'stretch_done','{"stretch": "quad_pull", "side": "left"}');
INSERT INTO "fact" VALUES(1,32,2414051,2414051,'guide_ended','{"how": "done"}');
INSERT INTO "fact" VALUES(1,33,2461901,2466901,'sat','{}');
INSERT INTO "fact" VALUES(1,35,2762901,2762901,'muted','{"until": 6362.901}');
INSERT INTO "fact" VALUES(1,37,2763501,2778501,'left','{}');
INSERT INTO "fact" VALUES(1,38,2793501,2798501,'sat','{}');
INSERT INTO "fact" VALUES(2,1,2856501,2856501,'resumed','{"cut_at": 2817.901, "seated_till": 2817.901}');
INSERT INTO "fact" VALUES(2,2,2856501,2856501,'power_cut','{"off_s": 38.6, "counts": false, "new_day": false}');
INSERT INTO "fact" VALUES(2,3,2856501,2861501,'sat','{}');
INSERT INTO "fact" VALUES(3,1,3006502,3006502,'resumed','{"cut_at": 2966.501, "seated_till": 2966.501}');
INSERT INTO "fact" VALUES(3,2,3006502,3006502,'power_cut','{"off_s": 40.001, "counts": false, "new_day": false}');
INSERT INTO "fact" VALUES(3,3,3006502,3011502,'sat','{}');
INSERT INTO "fact" VALUES(3,7,4070502,4070502,'invite','{"sitting_s": 1500.0}');
INSERT INTO "fact" VALUES(3,8,4370502,4370502,'due','{"sitting_s": 1800.0}');
INSERT INTO "fact" VALUES(3,9,4688503,4688503,'guide_started','{"asked": false}');
INSERT INTO "fact" VALUES(3,11,4686503,4701503,'left','{}');
INSERT INTO "fact" VALUES(3,12,4706003,4706003,'stretch_started','{"stretch": "walk", "side": "both"}');
INSERT INTO "fact" VALUES(3,13,4732003,4732003,'stretch_shown','{"stretch": "walk", "side": "both"}');
INSERT INTO "fact" VALUES(3,14,4686503,4746503,'bout','{"start": 2461.901, "seated_s": 2116.001}');
INSERT INTO "fact" VALUES(3,15,4755603,4755603,'stretch_started','{"stretch": "heel_raise", "side": "both"}');
INSERT INTO "fact" VALUES(3,16,4784603,4784603,'stretch_shown','{"stretch": "heel_raise", "side": "both"}');
INSERT INTO "fact" VALUES(3,17,4806503,4806503,'full_break','{}');
INSERT INTO "fact" VALUES(3,18,4806503,4806503,'break_honoured','{"after": "due", "rose_after_s": 316.001}');
INSERT INTO "fact" VALUES(3,19,4814453,4814453,'stretch_started','{"stretch": "psoas_reach", "side": "right"}');
INSERT INTO "fact" VALUES(3,20,4837453,4837453,'stretch_shown','{"stretch": "psoas_reach", "side": "right"}');
INSERT INTO "fact" VALUES(3,21,4849403,4849403,'stretch_started','{"stretch": "psoas_reach", "side": "left"}');
INSERT INTO "fact" VALUES(3,22,4872403,4872403,'stretch_shown','{"stretch": "psoas_reach", "side": "left"}');
INSERT INTO "fact" VALUES(3,23,4872403,4872403,'guide_ended','{"how": "done"}');
INSERT INTO "fact" VALUES(4,1,4872404,4872404,'resumed','{"cut_at": 4872.403, "seated_till": null}');
INSERT INTO "fact" VALUES(4,2,4872405,4877405,'sat','{}');
INSERT INTO "fact" VALUES(4,3,4925901,4925901,'clock_stepped','{"by_s": 20000.0}');
INSERT INTO "fact" VALUES(4,4,4925901,4925901,'power_cut','{"off_s": 20114.1, "counts": true, "new_day": false}');
INSERT INTO "fact" VALUES(4,5,4925901,4925901,'unmuted','{}');
INSERT INTO "fact" VALUES(4,11,6372405,6372405,'invite','{"sitting_s": 1500.0}');
INSERT INTO "fact" VALUES(4,12,6672405,6672405,'due','{"sitting_s": 1800.0}');
INSERT INTO "fact" VALUES(4,13,6732405,6732405,'sound','{"cue": "reminder", "nth": 1}');
INSERT INTO "fact" VALUES(4,14,6912405,6912405,'sound','{"cue": "reminder", "nth": 2}');
INSERT INTO "fact" VALUES(4,15,7152405,7152405,'sound','{"cue": "reminder", "nth": 3}');
INSERT INTO "fact" VALUES(4,16,8472405,8472405,'sound','{"cue": "reminder", "nth": 4}');
INSERT INTO "fact" VALUES(4,17,19272405,19272405,'stuck','{"what": "seat", "since": 4872.405}');
INSERT INTO "fact" VALUES(4,18,22874405,22874405,'guide_started','{"asked": false}');
INSERT INTO "fact" VALUES(4,20,22872405,22887405,'left','{}');
INSERT INTO "fact" VALUES(4,21,22894255,22894255,'stretch_started','{"stretch": "march", "side": "both"}');
INSERT INTO "fact" VALUES(4,22,22918255,22918255,'stretch_shown','{"stretch": "march", "side": "both"}');
INSERT INTO "fact" VALUES(4,23,22872405,22932405,'bout','{"start": 4872.405, "seated_s": 18000.0}');
INSERT INTO "fact" VALUES(4,24,22946855,22946855,'stretch_started','{"stretch": "leg_back", "side": "right"}');
INSERT INTO "fact" VALUES(4,25,22967855,22967855,'stretch_shown','{"stretch": "leg_back", "side": "right"}');
INSERT INTO "fact" VALUES(4,26,22972855,22972855,'stretch_started','{"stretch": "leg_back", "side": "left"}');
INSERT INTO "fact" VALUES(4,27,22992405,22992405,'full_break','{}');
INSERT INTO "fact" VALUES(4,28,22992405,22992405,'break_honoured','{"after": "due", "rose_after_s": 16200.0}');
INSERT INTO "fact" VALUES(4,29,22993855,22993855,'stretch_shown','{"stretch": "leg_back", "side": "left"}');
INSERT INTO "fact" VALUES(4,30,23024405,23024405,'stretch_started','{"stretch": "pelvic_tilt", "side": "both"}');
INSERT INTO "fact" VALUES(4,31,23057205,23057205,'stretch_shown','{"stretch": "pelvic_tilt", "side": "both"}');
INSERT INTO "fact" VALUES(4,32,23057205,23057205,'guide_ended','{"how": "done"}');
INSERT INTO "fact" VALUES(4,35,58872405,58877405,'sat','{}');
INSERT INTO "fact" VALUES(4,37,60372405,60372405,'invite','{"sitting_s": 1500.0}');
INSERT INTO "fact" VALUES(4,38,60672405,60672405,'due','{"sitting_s": 1800.0}');
INSERT INTO "fact" VALUES(4,39,60732405,60732405,'sound','{"cue": "reminder", "nth": 1}');
INSERT INTO "fact" VALUES(4,40,60912405,60912405,'sound','{"cue": "reminder", "nth": 2}');
INSERT INTO "fact" VALUES(4,41,61152405,61152405,'sound','{"cue": "reminder", "nth": 3}');
INSERT INTO "fact" VALUES(4,42,61274405,61274405,'guide_started','{"asked": false}');
INSERT INTO "fact" VALUES(4,44,61272405,61287405,'left','{}');
INSERT INTO "fact" VALUES(4,45,61291905,61291905,'stretch_started','{"stretch": "walk", "side": "both"}');
INSERT INTO "fact" VALUES(4,46,61272405,61332405,'bout','{"start": 58872.405, "seated_s": 2400.0}');
INSERT INTO "fact" VALUES(4,47,61332905,61332905,'stretch_shown','{"stretch": "walk", "side": "both"}');
INSERT INTO "fact" VALUES(4,48,61362255,61362255,'stretch_started','{"stretch": "open_gate", "side": "left"}');
INSERT INTO "fact" VALUES(4,49,61380255,61380255,'stretch_shown','{"stretch": "open_gate", "side": "left"}');
INSERT INTO "fact" VALUES(4,50,61387005,61387005,'stretch_started','{"stretch": "open_gate", "side": "right"}');
INSERT INTO "fact" VALUES(4,51,61392405,61392405,'full_break','{}');
INSERT INTO "fact" VALUES(4,52,61392405,61392405,'break_honoured','{"after": "due", "rose_after_s": 600.0}');
INSERT INTO "fact" VALUES(4,53,61405005,61405005,'stretch_shown','{"stretch": "open_gate", "side": "right"}');
INSERT INTO "fact" VALUES(4,54,61428555,61428555,'stretch_started','{"stretch": "back_bend", "side": "both"}');
INSERT INTO "fact" VALUES(4,154,61428555,61428555,'of_tomorrow','{"mood": "ä", "so": null}');
INSERT INTO "fact" VALUES(4,255,61428555,61428555,'bout','{"start": 1}');
CREATE TABLE input (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    input TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
INSERT INTO "input" VALUES(1,2,0,'seat','empty');
INSERT INTO "input" VALUES(1,3,0,'button','up');
INSERT INTO "input" VALUES(1,4,0,'clock','2026-03-02T09:00:00+01:00');
INSERT INTO "input" VALUES(1,5,1,'seat','taken');
INSERT INTO "input" VALUES(1,10,1860001,'button','down');
INSERT INTO "input" VALUES(1,11,1861501,'button','up');
INSERT INTO "input" VALUES(1,14,2221601,'button','down');
INSERT INTO "input" VALUES(1,15,2221801,'button','up');
INSERT INTO "input" VALUES(1,17,2221901,'seat','empty');
INSERT INTO "input" VALUES(1,34,2461901,'seat','taken');
INSERT INTO "input" VALUES(1,36,2761901,'button','down');
INSERT INTO "input" VALUES(1,39,2763401,'button','up');
INSERT INTO "input" VALUES(1,40,2763501,'seat','empty');
INSERT INTO "input" VALUES(1,41,2793501,'seat','taken');
INSERT INTO "input" VALUES(2,4,2856501,'seat','taken');
INSERT INTO "input" VALUES(2,5,2856501,'button','up');
INSERT INTO "input" VALUES(2,6,2856501,'clock','2026-03-02T09:47:36.501000+01:00');
INSERT INTO "input" VALUES(3,4,3006502,'seat','taken');
INSERT INTO "input" VALUES(3,5,3006502,'button','up');
INSERT INTO "input" VALUES(3,6,3006502,'clock','2026-03-02T09:50:06.502000+01:00');
INSERT INTO "input" VALUES(3,10,4686503,'seat','empty');
INSERT INTO "input" VALUES(4,6,4872404,'seat','empty');
INSERT INTO "input" VALUES(4,7,4872404,'button','up');
INSERT INTO "input" VALUES(4,8,4872404,'clock_stale','2026-03-02T10:23:06.503000+01:00');
INSERT INTO "input" VALUES(4,9,4872405,'seat','taken');
INSERT INTO "input" VALUES(4,10,4925901,'clock','2026-03-02T15:57:20+01:00');
INSERT INTO "input" VALUES(4,19,22872405,'seat','empty');
INSERT INTO "input" VALUES(4,33,33885901,'day','ended');
INSERT INTO "input" VALUES(4,34,33885901,'clock','2026-03-03T00:00:00+01:00');
INSERT INTO "input" VALUES(4,36,58872405,'seat','taken');
INSERT INTO "input" VALUES(4,43,61272405,'seat','empty');
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    boot TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    seated_ms INTEGER,
    boot_ms INTEGER NOT NULL,
    clock TEXT,
    clock_right INTEGER NOT NULL
);
INSERT INTO "run" VALUES(1,'boot 0',0,2817901,2817901,2817901,'2026-03-02T09:46:57.901000+01:00',1);
INSERT INTO "run" VALUES(2,'boot 0',2856501,2966501,2966501,2966501,'2026-03-02T09:49:26.501000+01:00',1);
INSERT INTO "run" VALUES(3,'boot 1',3006502,4872403,NULL,1865901,'2026-03-02T10:21:12.403000+01:00',1);
INSERT INTO "run" VALUES(4,'boot 2',4872404,61452405,NULL,56580001,'2026-03-03T07:39:26.504000+01:00',1);
CREATE TABLE settings (
    run INTEGER PRIMARY KEY,
    lines TEXT NOT NULL
);
INSERT INTO "settings" VALUES(1,'limits.preset="couple-of-hours"
limits.invite_after="25min"
limits.due_after="30min"
limits.heads_up="2min"
limits.in_time="15min"
limits.break_after="1min"
limits.full_break="2min"
limits.still_you_after="4h"
limits.day_closes_after="4h"
settle.sit="5s"
settle.leave="15s"
reminders.after_due=["1min", "4min", "8min", "30min"]
reminders.after_sitting_back="2min"
reminders.snooze="5min"
reminders.snoozes=2
reminders.mute="1h"
reminders.acknowledged="2min"
guide.begins_after="2s"
guide.pauses_after="2s"
guide.ends_after="20s"
guide.title="2500ms"
guide.place="7s"
guide.side="5s"
stretches.minutes=3
stretches.routine="by-turns"
stretches.seated="no"
stretches.leave_out=[]
stretches.areas_out=[]
stretches.without=["floor"]
stretches.clothes="any"
stretches.conditions=[]
stretches.folder=""
screens.language="en"
screens.today="6s"
screens.safety="8s"
screens.question="5min"
screens.greeting="10s"
screens.thanks="5s"
screens.left_out="6s"
screens.invite="2min"
screens.counts="4s"
screens.off_after="2min"
languages.folder=""
press.hold="1s"
press.long_hold="3s"
press.rearm="25ms"
press.stuck="10s"
sounds.hours=""
sounds.days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
pins.backend="gpiod"
pins.seat=17
pins.seat_pull="up"
pins.seat_taken="low"
pins.button=27
pins.button_pull="up"
pins.button_down="low"
pins.buzzer=18
panel.driver="ssd1306"
panel.first_column=2
panel.port=1
panel.address=0x3C
panel.rotation=0
panel.contrast=0x40
buzzer.kind="passive"
buzzer.on="high"
journal.file=""
journal.keep_days=730
page.port=8016
page.hosts=[]');
CREATE TABLE zone (
    run INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    ahead_s INTEGER NOT NULL,
    PRIMARY KEY (run, from_ms)
) WITHOUT ROWID;
INSERT INTO "zone" VALUES(1,0,3600);
INSERT INTO "zone" VALUES(2,2856501,3600);
INSERT INTO "zone" VALUES(3,3006502,3600);
INSERT INTO "zone" VALUES(4,4872404,3600);
INSERT INTO choice VALUES('stretch march','stretch_never','{"stretch": "march"}');
COMMIT;
