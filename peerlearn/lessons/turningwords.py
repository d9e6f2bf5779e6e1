"""The words of French, Spanish, Italian and Dutch that turn a sentence round: see `turning`.

Verbs and adjectives bend in so many ways here that opposites stand among the words, by their stems: an edit that
touches one of them is read by a curator, whatever it makes of it.
"""

from __future__ import annotations

from peerlearn.lessons.turninglist import listed

FRENCH = listed(
    words=r"""
    n[’']\w+ ne non pas jamais rien aucun\w* nul(?:le)?s? nullement ni sans guère personne point sauf excepté\w*
    hormis
    seul\w* uniquement exclusivement que qu[’']\w+ si s[’']ils? sinon ou et mais or car donc lorsque quand tant
    bien
    quoique malgré plutôt contre pour afin selon comme
    doi\w* dev(?:ez|ons|r\w+|ai\w+) dû due dus dues faut fallait faudr\w* peu[xt] peuvent pouv\w+ pourr\w+ veu\w+
    voul\w+
    voudr\w+ sera\w* serai\w* seront serez
    oblig\w* facultati\w* option\w* volont\w* interdi\w* interdî\w* défend\w* autoris\w* permet\w* permi\w*
    refus\w*
    recommand\w* conseill\w* exig\w* nécessa\w* besoin requi\w* impos\w* empêch\w* évit\w* toléré\w* admis\w*
    toujours parfois quelquefois souvent rarement généralement habituellement d[’']habitude tou[st] toutes? chaque
    chacun\w* quelques? plusieurs certain\w* beaucoup peu trop assez moins plus davantage autant aussi moitié\w*
    demi\w*
    doubl\w* tripl\w* fois maxim\w* minim\w* presque environ exact\w* quasi\w* précis\w* moindre\w*
    avant après jusque jusqu[’']\w+ depuis pendant durant dès lors premi\w* derni\w* prochain\w* suiv\w* précéd\w*
    ensuite
    puis abord auparavant tôt tard bientôt maintenant immédiat\w* aussitôt ultérieur\w* antérieur\w*
    aujourd[’']hui demain
    hier quotidien\w* hebdomadaire\w* mensuel\w* annuel\w* journali\w* horaire\w* jour\w* nuit\w* matin\w* soir\w*
    semaines? mois ans? années? heures? minutes? secondes?
    sur sous dessus dessous dans dedans dehors hors devant derrière entre vers chez par avec depuis à aux? de du
    des en
    haut\w* bas bass\w+ gauche\w* droite?s? centre avant arrière intérieur\w* extérieur\w* intern\w* extern\w*
    supérieur\w*
    inférieur\w* horizontal\w* vertica\w* nord\w* sud\w* est ouest horaire antihoraire
    rouge\w* vert\w* bleu\w* jaune\w* noir\w* blanc\w* gris\w* brun\w* marron orange\w* violet\w* rose\w* cyan
    magenta
    zéro une? deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt\w*
    trent\w*
    quarant\w* cinquant\w* soixant\w* cent\w* mill\w+ dizain\w* douzain\w* second\w* \w+ième\w* quarts? tiers
    (?:milli|centi|déci|kilo|micro|nano)?(?:mètre|litre|gramme)s? pouces? pieds? livres? degrés? celsius
    fahrenheit
    (?:kilo|méga|milli|giga)?(?:volt|watt|ampère|octet|bit|hertz|pascal|joule)s? euros? dollars? francs? centimes?
    lorsqu[’']\w+ quoiqu[’']\w+ puisqu[’']\w+ presqu[’']\w+ quelqu[’']\w+
    avanc\w* recul\w* gagn\w* perd\w* accél\w* ralent\w* présen\w* absen\w* public\w* privé\w*
    ouvr\w* ouvert\w* ferm\w* commenc\w* début\w* démarr\w* lanc\w* arrêt\w* fini\w* termin\w* cess\w* ajout\w*
    enl[eè]v\w*
    retir\w* supprim\w* effac\w* pouss\w* appuy\w* tir[eo]\w* lev\w* soul[eè]v\w* baiss\w* abaiss\w* augment\w*
    diminu\w*
    rédui\w* accept\w* rejet\w* gard\w* conserv\w* jet\w* envoy\w* envoi\w* re[cç]\w+ ach[eè]t\w* vend\w*
    verrouill\w*
    rempli\w* vid\w* plein\w* chaud\w* froid\w* ti[eè]d\w* frais fraîche\w* mouill\w* humid\w* sec secs s[eè]ch\w*
    long\w* court\w* grand\w* gros\w* petit\w* épais\w* mince\w* fin\w* large\w* étroit\w* lourd\w* lég[eè]r\w*
    rapid\w*
    vite lent\w* dur\w* mou\w* mol\w+ difficil\w* facil\w* clair\w* sombre\w* fort\w* faible\w* bruyan\w*
    silenc\w* vieux
    vieil\w* ancien\w* nouv\w+ neu\w+ jeune\w* bons? bonnes? meilleur\w* mauvais\w* pire\w* mieux mal sûr\w*
    danger\w*
    risqu\w* corre\w+ juste\w* vrai\w* fau[xs]\w* même\w* égal\w* identi\w* différen\w* autre\w* positi\w*
    négati\w*
    viv\w+ mort\w* entr\w+ sort\w* mont\w* descend\w* allum\w* étein\w* activ\w* branch\w* serr\w* utile\w*
    possible\w*
    """,
    opposites="",
    elided=r"(?:[cdjlmst]|qu|jusqu|lorsqu|puisqu|presqu|quoiqu)[’']",
    beginnings="dé dés dis in im il ir mal mé més non anti contre sous sur pré post re ré en em a bi co ex inter extra",
    endings="",
)

SPANISH = listed(
    words=r"""
    no ni nunca jamás nada nadie ningun\w* ningún sin tampoco apenas solo sólo solamente únic\w* exclusiv\w* salvo
    excepto
    menos si sino o u y e pero aunque cuando mientras que como pese pesar contra para según en vez lugar siempre
    deb\w* hay haya habr\w* tien\w+ ten\w+ pued\w+ pod\w+ podr\w+ quier\w* quer\w* será\w* serí\w* hace\w* falta
    oblig\w* facultativ\w* opcional\w* volunt\w* prohib\w* prohíb\w* autori\w* permi\w* rechaz\w* recomend\w*
    recomiend\w*
    aconsej\w* desaconsej\w* exig\w* exij\w* neces\w* requ\w+ requier\w* impid\w* imped\w* evit\w* admit\w*
    admis\w*
    veces vez menudo frecuent\w* general\w* normal\w* habitual\w* tod[oa]s? cada algún algun\w* vari[oa]s
    ciert[oa]s? much\w+
    poc[oa]s? demasiad\w* bastante\w* más tanto\w* tan ambos ambas mitad\w* medi[oa]s? dobl\w* tripl\w* máxim\w*
    mínim\w*
    casi aproximad\w* exact\w* precis\w* alrededor cerca suficient\w*
    antes después tras luego hasta desde durante primer\w* últim\w* próxim\w* siguient\w* anterior\w* posterior\w*
    previ\w*
    pronto tarde temprano ahora inmediat\w* ya todavía aún hoy mañana ayer diari\w* semanal\w* mensual\w* anual\w*
    horari\w*
    días? noches? tardes? semanas? mes meses años? horas? minutos? segund\w*
    sobre bajo encima debajo arriba abajo dentro fuera delante detrás adelante atrás entre hacia por con de del a
    al ante
    izquierd\w* derech\w* alt\w* baj\w+ interior\w* exterior\w* intern\w* extern\w* superior\w* inferior\w*
    horizontal\w*
    vertical\w* norte\w* sur este oeste centro antihorari\w*
    roj[oa]s? verdes? azul\w* amarill\w* negr[oa]s? blanc[oa]s? gris\w* marr[oó]n\w* pard\w+ naranja\w* violeta\w*
    morad[oa]s? rosa\w* cian magenta
    cero un[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieci\w+ veint\w+
    treint\w*
    cuarent\w* cincuent\w* sesent\w* setent\w* ochent\w* novent\w* cien\w* \w*ient[oa]s \w*mil\w* docen\w*
    decen\w*
    tercer\w* tercio\w* cuart\w* quint\w* sext\w* séptim\w* octav\w* noven\w* décim\w*
    (?:mili|centi|deci|kiló?|kilo|micro|nano)?(?:metro|litro|gramo)s? \w+ímetros? \w+ómetros? pulgadas? pies?
    libras? grados?
    celsius fahrenheit (?:kilo|mega|mili|giga)?(?:voltio|vatio|amperio|byte|bit|hercio|hertz|pascal|julio)s?
    euros? dólar\w*
    céntimo\w* centavo\w* pesos? porciento
    suel\w* sol[ií]a\w* avan[zc]\w* retroced\w* gan\w* pierd\w* presente\w* ausente\w* apriet\w* apret\w* afloj\w*
    abr\w+ abiert\w* cierr\w* cerr\w* empie\w+ empez\w+ comien\w+ comen\w+ inici\w* arranc\w* acab\w* termin\w*
    fin\w*
    par[aeo]\w* deten\w* detien\w* cesa\w* añad\w* agreg\w* quit\w* elimin\w* borr\w* retir\w* empuj\w* presion\w*
    puls\w*
    tir[aeo]\w* jal\w+ levant\w* sub\w+ baj\w* aument\w* incrementa\w* disminu\w* redu[cz]\w* acept\w* conserv\w*
    guard\w*
    tir\w* desech\w* envi\w* enví\w* recib\w* compr\w* vend\w* bloque\w* llen\w* vac[ií]\w* calient\w* cálid\w*
    fr[ií]\w+
    templad\w* mojad\w* húmed\w* sec[oa]\w* larg\w* cort\w* grand\w* gran pequeñ\w* grues\w* delgad\w* fin[oa]s?
    anch\w*
    estrech\w* pesad\w* liger\w* rápid\w* lent\w* dur[oa]s? blando\w* blanda\w* difícil\w* fácil\w* clar\w+
    oscur\w* fuert\w*
    débil\w* ruidos\w* silencios\w* viej\w* antigu\w* nuev\w* joven\w* jóven\w* buen\w* bien mejor\w* mal\w*
    peor\w* segur\w*
    peligr\w* arriesg\w* corre[cg]\w+ just\w+ verdad\w* fals\w+ mism\w+ igual\w* idéntic\w* diferent\w* distint\w*
    otr[oa]s?
    positiv\w* negativ\w* viv\w+ muert\w* entr\w+ sal\w+ enciend\w* encend\w* apag\w* activ\w* conect\w* útil\w*
    posible\w*
    """,
    opposites="",
    beginnings="des dis in im ir i mal anti contra sub sobre pre pos post re en em ante bi co ex inter extra",
    endings="",
)

ITALIAN = listed(
    words=r"""
    non no né mai niente nulla nessun\w* neppure nemmeno neanche senza appena solo soltanto sol[aei] solamente
    unic\w+
    esclusiv\w* salvo tranne eccett\w* fuorché a[dl]? se altrimenti o od oppure e ed ma però anche benché sebbene
    nonostante
    quando mentre che come poiché perché piuttosto invece anziché contro per
    dev\w+ dov\w+ debb\w+ può puoi poss\w+ pot\w+ puoi vuol\w* vogli\w* vol\w+ vorr\w+ sarà\w* sar\w+ bisogn\w*
    occorr\w*
    obblig\w* facoltativ\w* opzional\w* volont\w* viet\w* proib\w* permess\w* permett\w* consent\w* autorizz\w*
    rifiut\w*
    raccomand\w* consigli\w* sconsigli\w* esig\w* necess\w* richied\w* richiest\w* imped\w* evit\w* ammess\w*
    ammett\w*
    sempre volt[ae] spesso raramente talvolta general\w* normal\w* solit\w* tutt[oaei] ogni ognun\w* qualche
    alcun\w*
    divers\w* cert[oaei] molt\w+ tant[oaei] poc\w+ tropp\w+ abbastanza più meno entramb\w+ ambedue metà mezz\w+
    doppi\w*
    tripl\w* massim\w* minim\w* quasi circa esatt\w* precis\w* almeno sufficient\w*
    prima dopo poi fino finché da durante prim[oaei] ultim\w* prossim\w* seguent\w* successiv\w* precedent\w*
    presto tardi
    ora adesso subito immediat\w* già ancora oggi domani ieri giornal\w* quotidian\w* settimanal\w* mensil\w*
    annual\w*
    orari\w* giorn\w+ nott[ei] mattin\w* ser[ae] settiman\w* mes[ei] ann[oi] or[ae] minut[oi] second\w*
    su sul\w* sopra sotto giù dentro fuori davanti dietro avanti indietro tra fra verso con di del\w* da dal\w* in
    nel\w* ai
    agli all[aeo]
    sinistr\w* destr\w* alt[oaei] bass\w+ interior\w* intern\w* estern\w* esterior\w* superior\w* inferior\w*
    orizzontal\w*
    vertical\w* nord\w* sud\w* est ovest centro antiorari\w*
    ross[oaei] verd[ei] blu azzurr\w* giall\w* ner[oaei] bianc\w+ grig\w+ marron[ei] brun\w+ arancion\w* viol\w*
    rosa ciano
    magenta
    zero un[oa]? due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
    sedici
    dicias?\w+ dician\w+ diciotto vent\w+ trent\w+ quarant\w+ cinquant\w+ sessant\w+ settant\w+ ottant\w+
    novant\w+ \w*cent[oi]
    mill?\w+ \w*mila dozzin\w* decin\w* terz[oaei] quart[oaei] quint[oaei] sest[oaei] settim[oaei] ottav\w+
    non[oaei] decim\w+
    \w+esim[oaei]
    (?:milli|centi|deci|kilo|chilo|micro|nano)?(?:metr|litr|gramm)[oi] \w+[ìi]metr[oi] chil\w+ pollic\w* pied\w+
    libbr\w*
    grad[oi] celsius fahrenheit (?:kilo|mega|milli|giga)?(?:volt|watt|ampere|byte|bit|hertz|pascal|joule)s? euro
    dollar\w*
    centesim\w* franch\w* percento
    nessun[’']\w+ senz[’']\w+ tutt[’']\w+ ogn[’']\w+ mezz[’']\w+ nient[’']\w+ dev[’']\w+ cent[’']\w+ vent[’']\w+
    string\w* strett\w* allent\w* avanz\w* arretr\w* vinc\w* perd\w* present\w* assent\w*
    apr\w+ apert\w* chiu\w+ inizi\w* cominci\w* avvi\w* part\w+ ferm\w* finis\w* fini\w* termin\w* smett\w*
    cess\w*
    aggiun\w* tog\w+ tolt\w* elimin\w* cancell\w* rimuov\w* rimoss\w* prem\w+ spin\w+ spingi\w* tir\w+ alz\w*
    sollev\w*
    abbass\w* aument\w* diminu\w* ridu\w+ ridott\w* accett\w* respin\w* conserv\w* ten\w+ tien\w* butt\w* gett\w*
    invi\w*
    mand\w* ricev\w* compr\w* acquist\w* vend\w* blocc\w* riemp\w* pien\w* svuot\w* vuot\w* cald\w* fredd\w*
    tiepid\w*
    fresc\w* bagnat\w* umid\w* asciu\w* secc\w* lung\w* cort\w* grand\w* gross\w* piccol\w* spess\w+ sottil\w*
    larg\w*
    strett\w* pesant\w* legger\w* veloc\w* rapid\w* lent\w* dur[oaei] morbid\w* difficil\w* facil\w* chiar\w*
    scur\w* fort\w*
    debol\w* rumoros\w* silenzios\w* vecch\w+ antic\w* nuov\w+ giovan\w* buon\w* bene miglior\w* meglio cattiv\w*
    male mal[ei]
    peggi\w* sicur\w* pericol\w* rischi\w* corrett\w* giust\w* ver[oaei] fals\w* sbagliat\w* stess\w+ ugual\w*
    identic\w*
    different\w* altr[oaei] positiv\w* negativ\w* viv\w+ mort\w+ entr\w+ esc\w+ usci\w* sal[ei]\w* scend\w*
    accen\w* acces\w*
    spegn\w* spent\w* attiv\w* colleg\w* util\w* possibil\w*
    """,
    opposites="",
    elided=r"(?:[cdlmstv]|un|gl|dell|all|dall|nell|sull|coll|quest|quell|bell|sant|tutt|dov|com|anch|senz)[’']",
    beginnings="dis des s in im il ir mal anti contro sotto sovra sopra pre pos ri re de bi co ex inter extra",
    endings="",
)

DUTCH = listed(
    words=r"""
    niet niets nooit niemand nergens geen\w* nimmer noch zonder nauwelijks zelden amper slechts enkel alleen
    uitsluitend
    behalve tenzij
    mits als indien wanneer of en maar doch anders toch hoewel ofschoon ondanks plaats dan dus omdat zodat tegen
    voor
    moet\w* moest\w* mag mogen mocht\w* kan kun\w* kon\w* zal zul\w* zou\w* wil\w* wou hoef\w* hoeven behoor\w*
    dien\w*
    verbod\w* verbied\w* verboden toegestaan\w* toelaatbar\w* toelat\w* toegelaten sta(?:at|an) geoorloofd\w*
    verplicht\w*
    vrijwillig\w* optione\w+ aanbevol\w* aanbev\w+ aangeraden afgeraden weiger\w* nodig\w* noodzak\w* vereis\w*
    voorkom\w*
    vermijd\w* verhinder\w*
    altijd soms vaak meestal gewoonlijk alle? allen alles iedere?\w* ieder elke? sommige\w* enige\w* enkele\w*
    meerdere
    verscheiden\w* veel vele\w* weinig\w* meer meest\w* min minder\w* minst\w* minst beide\w* half halve\w* helft
    dubbel\w*
    eenmaal tweemaal driemaal keer \w+voudig\w* maxim\w* minim\w* genoeg voldoende bijna ongeveer circa precies
    exact\w*
    hoogst\w* hooguit minstens
    vóór voordat vooraf eerst\w* laatst\w* volgend\w* vorig\w* na nadat naderhand daarna tot totdat sinds tijdens
    zodra
    terwijl later eerder vroeger straks meteen direct onmiddellijk nu al nog vandaag morgen gisteren dagelijks\w*
    wekelijks\w* maandelijks\w* jaarlijks\w* dag\w* nacht\w* ochtend\w* avond\w* we(?:ek|ken) maand\w*
    ja(?:ar|ren) u(?:ur|ren)
    minu\w+ second\w+
    op onder boven beneden in uit aan af toe door met van naar bij binnen buiten achter tussen over om langs neer
    heen terug
    links\w* rechts\w* linker\w* rechter\w* hoog hoge\w* laag lage\w* voor\w* achter\w* binnen\w* buiten\w*
    boven\w* onder\w*
    horizonta\w* vertica\w* noord\w* zuid\w* oost\w* west\w* midden \w+waarts klok\w* wijzers
    (?:licht|donker)?(?:rood|rode|groene?|blauwe?|gele?|geel|zwarte?|witte?|wit|grijze?|grijs|bruine?|oranje|paarse?|paars|roze)
    nul een één ééne? twee drie vier vijf zes zeven acht negen tien elf twaalf \w+tien \w*tig \w*honderd\w*
    \w*duizend\w*
    miljoen\w* miljard\w* dozijn\w* tweede\w* derde\w* vierde\w* vijfde\w* zesde\w* zevende\w* achtste\w*
    \w+ste\w? kwart\w*
    (?:milli|centi|deci|kilo|micro|nano)?(?:meter|liter|gram)s? pond\w* duim\w* voet\w* graden graad celsius
    fahrenheit
    (?:kilo|mega|milli|giga)?(?:volt|watt|ampère|ampere|byte|bit|hertz|pascal|joule)s? procent euro\w* dollar\w*
    cent\w*
    win\w* verlie\w* verlor\w* aanwezig\w* afwezig\w* openbaar\w*
    open\w* geopend\w* slui\w+ sloot gesloten dicht\w* begin\w* begon\w* start\w* gestart\w* stop\w* gestopt\w*
    eind\w*
    beëindig\w* voeg\w* toegevoegd\w* verwijder\w* wis\w* gewist\w* schrap\w* duw\w* druk\w* gedrukt trek\w*
    getrokken til\w*
    hef\w* verhog\w* verhoog\w* verlag\w* verlaag\w* vermeerder\w* verminder\w* accept\w* geaccepteerd\w* aanva\w+
    afwijz\w*
    afgewezen\w* houd\w* hou bewa\w+ weggooi\w* gooi\w* stuur\w* stur\w* verzend\w* zend\w* ontvang\w*
    ko(?:op|pen)\w*
    verko\w+ gekocht\w* vul\w* gevuld\w* leeg\w* leg\w+ vol volle\w* hete?\w* heet warm\w* kou\w* koud\w* koel\w*
    nat natte\w*
    vochtig\w* dro\w+ lang\w* kort\w* gro(?:ot|te|ter)\w* klein\w* dik\w* dun\w* breed\w* brede\w* smal\w* zwa\w+
    zwaar\w*
    licht\w* snel\w* langzaam\w* langzame\w* traag\w* trage\w* hard\w* zacht\w* moeilijk\w* makkelijk\w*
    gemakkelijk\w*
    eenvoudig\w* helder\w* donker\w* luid\w* stil\w* oud\w* nieuw\w* jong\w* vroeg\w* la(?:at|te)\w* goed\w*
    beter\w* best beste
    slecht\w* erg\w* veilig\w* gevaar\w* risico\w* juist\w* correct\w* waar ware fout\w* verkeerd\w* vals\w*
    zelfde\w*
    hetzelfde dezelfde gelijk\w* identie\w* verschil\w* ander\w* positie\w* negatie\w* leven\w* levend\w*
    do(?:od|de)\w*
    schakel\w* geschakeld zet\w* ga gaat stijg\w* da(?:al|len)\w* nuttig\w* mogelijk\w*
    """,
    opposites="",
    beginnings="on mis niet in uit aan af op toe voor na her over onder boven binnen buiten be ont ver door los vast",
    endings="loos loze lozer vol volle voller vrij vrije vrijer rijk rijke arm arme",
)
