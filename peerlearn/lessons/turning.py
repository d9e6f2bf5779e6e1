"""Words that turn a sentence round, for each language that has a list: whoever changes one changes what is learned.

Each list says which words no small edit touches (negations, conditions, numbers, units, times, colours, directions),
which words are opposites of each other, and with which beginnings and endings a word becomes its opposite. The lists
err towards a reader: what stands here costs an author a day, what is missing could cost a learner more. A language
without a list has no small edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from peerlearn.lessons.turninglist import Turning, listed
from peerlearn.lessons.turningwords import DUTCH, FRENCH, ITALIAN, SPANISH

STEM = 3  # letters that two words share at least, if one is the other with another beginning or ending


ENGLISH = listed(
    words=r"""
    no non not never none nobody nothing nowhere neither nor without cannot \w+n[’']t hardly barely scarcely
    rarely seldom
    only unless except besides if whether or and but than instead rather otherwise although though despite
    must may might can could shall should will would need needs ought required? requires optional mandatory
    voluntary allow\w* forbid\w* forbidden permit\w* prohibit\w* refus\w* recommend\w*
    always sometimes often usually all every any each some few many much several both either half double twice once
    more less least most fewer fewest maximum minimum enough almost nearly about exactly
    before after until till since during while first last next previous\w* later earlier afterwards beforehand
    immediately now soon never daily weekly monthly yearly hourly
    above below over under beneath on off up down out with from into onto through left right \w+wards?
    \w*clockwise north\w* south\w* east\w* west\w* top bottom front back inside outside inner outer upper lower
    horizontal\w* vertical\w* inwards outwards
    red green blue yellow black white gr[ae]y orange brown purple violet pink cyan magenta
    zero one two three four five six seven eight nine ten eleven twelve \w+teen twenty thirty forty fifty sixty
    seventy
    eighty ninety hundreds? thousands? millions? billions? dozens? second third fourth fifth quarters?
    seconds minutes? hours? days? weeks? months? years?
    (?:milli|centi|deci|kilo|micro|nano)?(?:met(?:er|re)|lit(?:er|re)|gram)s?
    inch(?:es)? foot feet yards? miles? ounces? pounds? gallons? degrees? celsius fahrenheit
    (?:kilo|mega|milli|giga)?(?:volt|watt|amp|ampere|byte|bit|hertz|pascal|joule)s? percent euros? dollars? cents?
    """,
    opposites="""
    open opened opens opening | close closed closes closing shut shuts
    start starts started begin begins began | stop stops stopped end ends ended finish finished
    add adds added adding | remove removes removed removing delete deletes deleted drop subtract
    push pushes pushed | pull pulls pulled
    raise raises raised | lower lowers lowered
    increase increases increased | decrease decreases decreased reduce reduces reduced
    accept accepts accepted | reject rejects rejected decline declined
    keep keeps kept | discard discards discarded throw
    send sends sent | receive receives received
    buy buys bought buyer | sell sells sold seller
    lock locks locked | unlock unlocks unlocked
    insert inserts inserted | extract extracts extracted
    fill fills filled full | empty empties emptied
    hot warm | cold cool
    wet moist | dry
    high higher highest | low lower lowest
    long longer longest | short shorter shortest
    big bigger biggest large larger largest great greater | small smaller smallest little tiny
    thick thicker | thin thinner
    wide wider | narrow narrower
    heavy heavier | light lighter
    fast faster quick quicker quickly | slow slower slowly
    hard harder difficult | soft softer easy easier
    bright brighter | dark darker
    loud louder | quiet quieter
    old older | new newer young younger
    early | late
    good better best | bad worse worst poor
    safe safer safely | dangerous risky hazardous
    correct right true | wrong false
    same equal identical | different other
    positive | negative
    alive | dead
    day | night
    approve approves approved approving approval | reject rejects rejected rejecting rejection deny denies denied
    accept accepts accepted grant grants granted | deny denies denied denying withhold revoke revokes revoked
    attach attaches attached fasten fastens fastened connect | detach detaches detached loosen loosens release releases
    show shows showed shown showing reveal reveals display displays | hide hides hid hidden hiding conceal conceals
    pass passes passed passing succeed succeeds success | fail fails failed failing failure
    tighten tightens tightened tightening tight tighter | loosen loosens loosened loosening loose looser slacken slack
    heat heats heated heating warm warms warmed | cool cools cooled cooling chill chills chilled
    freeze freezes frozen | melt melts melted thaw thaws thawed
    lend lends lent lender lenders | borrow borrows borrowed borrower borrowers
    lessor lessors landlord landlords | lessee lessees tenant tenants
    employer employers | employee employees
    payer payers | payee payees
    licensor licensors | licensee licensees
    trainer trainers | trainee trainees
    mentor mentors | mentee mentees
    interviewer interviewers | interviewee interviewees
    debtor debtors debit debits debited | creditor creditors credit credits credited
    buyer buyers | seller sellers
    supplier suppliers vendor vendors | customer customers client clients
    import imports imported | export exports exported
    internal | external
    encrypt encrypts encrypted | decrypt decrypts decrypted
    encode encodes encoded | decode decodes decoded
    write writes | read reads
    join joins joined connect connects connected | leave leaves separate separates separated disconnect disconnects
    include includes included including | exclude excludes excluded excluding
    enable enables enabled | disable disables disabled
    win wins won gain gains profit profits | lose loses lost loss losses
    rise rises rose risen | fall falls fell fallen
    grow grows grew | shrink shrinks shrank
    expand expands expanded | contract contracts contracted
    advance advances advanced | retreat retreats delay delays delayed
    appear appears appeared | disappear disappears vanish
    arrive arrives arrived arrival | depart departs departed departure
    enter enters entered entry entrance | exit exits exited
    remember remembers | forget forgets forgot
    save saves saved | spend spends spent waste wastes wasted lose
    give gives gave given | take takes took taken
    public | private secret
    present | absent
    strong stronger | weak weaker
    clean cleans cleaned | dirty soil
    sharp | blunt
    deep deeper | shallow
    rough | smooth
    visible | invisible hidden
    major majority | minor minority
    prescribe prescribes prescribed | proscribe proscribes proscribed
    encourage encourages encouraged | discourage discourages discouraged
    agree agrees agreed | disagree disagrees
    cause causes caused | prevent prevents prevented effect effects
    guilty | innocent
    friend friends | enemy enemies
    """,
    beginnings="""
    un in im il ir dis non mis de over under pre post re en ex on off up down out anti counter
    hyper hypo inter intra endo exo macro micro maxi mini mono poly sub super pro contra em
    """,
    endings="less ful free",
)

_E = "(?:e|en|er|es|em)?"
GERMAN = listed(
    words=rf"""
    nicht nichts nie niemals niemand\w* nirgend\w* kein\w* weder noch ohne kaum selten fast beinahe etwa genau
    nur au(?:ß|ss)er\w* sofern soweit solange falls wenn ob oder und aber sondern sonst statt anstatt trotz\w*
    obwohl als
    muss\w* muß\w* müss\w* darf\w* dürf\w* durft\w* kann\w{{0,2}} könn\w* konnt\w* soll\w* wird werden will
    wollen wollt\w*
    brauch\w* verboten\w* verbiet\w* erlaub\w* gestatt\w* untersag\w* (?:un)?zulässig\w* vorgeschrieben\w*
    vorschrift\w*
    freiwillig\w* pflicht\w* verpflicht\w* optional\w* empfohlen\w* empfehl\w* verweiger\w* nötig\w* notwendig\w*
    immer stets manchmal meist\w* oft jed\w+ alle? allen aller alles allem sämtlich\w* beid\w+ einig\w+
    manch\w* mehrer\w+
    wenig\w* viel\w* mehr\w* mindest\w* höchst\w* maxim\w* minim\w* halb\w* doppelt\w* einmal zweimal dreimal
    \w+fach\w*
    genug größt\w* kleinst\w* erst\w* letzt\w* nächst\w* vorig\w*
    vor bevor ehe vorher zuvor nach nachdem nachher danach bis seit während sobald sofort jetzt später früher
    zuerst zuletzt
    anschlie(?:ß|ss)end täglich\w* wöchentlich\w* monatlich\w* jährlich\w* stündlich\w*
    über unter oberhalb unterhalb auf zu an aus ab mit von durch gegen links rechts linke\w? rechte\w? oben unten
    ober(?:e|en|er|es|em|st\w*) unter(?:e|en|er|es|em|st\w*) vorn\w* vorder\w* hinten hinter\w* inn(?:en|er\w*)
    au(?:ß|ss)en
    hinein heraus hinauf hinunter hinaus herein rauf runter rein raus \w+wärts uhrzeigersinn gegenuhrzeigersinn
    nord\w* süd\w* ost\w{{0,4}} west\w{{0,4}} waagerecht\w* waagrecht\w* senkrecht\w* horizontal\w* vertikal\w*
    (?:hell|dunkel)?(?:rot|grün|blau|gelb|schwarz|wei(?:ß|ss)|grau|braun|orange|violett|rosa|lila|türkis|pink){_E}
    null eins zwei\w{{0,2}} drei vier fünf sechs sieben acht neun zehn elf zwölf \w+zehn
    (?:zwan|vier|fünf|sech|sieb|acht|neun)zig drei(?:ß|ss)ig
    \w*hundert\w* \w*tausend\w* million\w* milliarde\w* dutzend\w* zweit\w+ dritt\w+ viert\w+ fünft\w+
    sechst\w+ hälfte\w*
    sekunde\w* minute\w* stunde\w* tag tage tagen tages woche\w* monat\w* jahr\w*
    (?:milli|zenti|dezi|kilo|mikro|nano)?(?:meter|gramm|liter)\w? pfund zoll grad celsius fahrenheit
    (?:kilo|mega|milli|giga)?(?:volt|watt|ampere|byte|bit|hertz|pascal|joule)s? prozent euro\w? cent\w?
    dollar\w? franken
    """,
    opposites="""
    öffnen öffne öffnet öffnest offen geöffnet | schließen schließe schließt geschlossen zumachen
    beginnen beginnt anfangen starten startet start | enden endet beenden stoppen stoppt stopp anhalten
    hinzufügen | entfernen entfernt löschen gelöscht weglassen
    drücken drücke drückt | ziehen ziehe zieht
    heben hebt anheben erhöhen erhöht steigern | senken senkt absenken verringern verringert vermindern reduzieren
    annehmen angenommen | ablehnen abgelehnt
    behalten aufbewahren | wegwerfen entsorgen verwerfen
    senden sendet gesendet | empfangen empfängt erhalten
    kaufen kauft | verkaufen verkauft
    füllen füllt gefüllt voll volle vollen voller | leeren leert geleert leer leere leerer
    heiß heiße heißen heißes warm warme warmen warmes | kalt kalte kalten kaltes kühl kühle kühlen
    nass nasse nassen feucht feuchte | trocken trockene trockenen
    hoch hohe hohen hoher höher höhere | niedrig niedrige niedrigen niedriger tief tiefe tiefer
    lang lange langen langer länger längere | kurz kurze kurzen kurzer kürzer kürzere
    groß große großen großer größer größere | klein kleine kleinen kleiner kleinere
    dick dicke dicken dicker | dünn dünne dünnen dünner
    breit breite breiten breiter | schmal schmale schmalen schmaler eng enge
    schwer schwere schweren schwerer | leicht leichte leichten leichter
    schnell schnelle schneller | langsam langsame langsamer
    hart harte harten härter | weich weiche weichen weicher
    hell helle heller | dunkel dunkle dunkler
    laut laute lauter | leise leiser
    alt alte alten älter | neu neue neuen neuer jung junge jungen jünger
    früh frühe | spät späte
    gut gute guten besser beste | schlecht schlechte schlechten schlechter schlimm schlimmer
    sicher sichere sicheren | gefährlich gefährliche gefährlichen
    richtig richtige richtigen wahr | falsch falsche falschen
    gleich gleiche gleichen | verschieden verschiedene ander andere anderen anders
    positiv positive positiven | negativ negative negativen
    lebend lebendig | tot
    tags | nachts
    genehmigen genehmigt bewilligen bewilligt | ablehnen lehnt abgelehnt
    zeigen zeigt zeige gezeigt einblenden | verbergen verbirgt verborgen verstecken versteckt ausblenden
    bestehen besteht bestanden | durchfallen durchgefallen scheitern gescheitert
    anziehen festziehen festgezogen fest | lockern lockert gelockert lösen löst gelöst lose locker
    befestigen befestigt anbringen | lösen gelöst abnehmen
    erwärmen erwärmt heizen heizt erhitzen erhitzt | kühlen kühlt gekühlt abkühlen
    leihen verleihen verleiht | borgen ausborgen entleihen entleiht
    vermieter vermietern vermieterin | mieter mietern mieterin
    arbeitgeber arbeitgebern arbeitgeberin | arbeitnehmer arbeitnehmern arbeitnehmerin
    gläubiger gläubigern | schuldner schuldnern
    käufer käufern käuferin | verkäufer verkäufern verkäuferin
    """,
    beginnings="un miss miß nicht ein aus an ab auf zu vor nach hin her über unter be ent ver zer er los weg",
    endings="los lose losen loser loses voll volle vollen voller frei freie freien freier haltig haltige haltigen",
)

LISTS = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "it": ITALIAN, "nl": DUTCH}
"""By the first part of a language's tag: `de` is for `de-AT` too."""


def list_of(language: str) -> Turning | None:
    """What turns a sentence round in this language, if there is a list."""
    return LISTS.get(language.replace("_", "-").split("-")[0].casefold())


def has_list(language: str) -> bool:
    """Whether an edit in this language can be small at all."""
    return list_of(language) is not None


def turns(gone: Iterable[str], new: Iterable[str], rules: Turning) -> bool:
    """Whether a text may say something else when these words of it made way for those: see `Turning`."""
    old, came = ({word.lower() for word in words} for words in (gone, new))
    if any(rules.words.fullmatch(word) for word in old | came):
        return True
    return any(_are_opposite(one, other, rules) for one in old for other in came if one != other)


def _are_opposite(one: str, other: str, rules: Turning) -> bool:
    for sides in rules.opposites:
        ours, theirs = ({number for number, side in enumerate(sides) if word in side} for word in (one, other))
        if ours and theirs and ours != theirs:
            return True
    begun = _stems(one, rules.beginnings, str.removeprefix) & _stems(other, rules.beginnings, str.removeprefix)
    ended = _stems(one, rules.endings, str.removesuffix) & _stems(other, rules.endings, str.removesuffix)
    return bool(begun or ended)


def _stems(word: str, parts: Iterable[str], without: Callable[[str, str], str]) -> set[str]:
    """What is left of a word without one of these beginnings or endings; the first of them is none at all."""
    return {stem for part in parts if len(stem := without(word, part)) >= STEM}
