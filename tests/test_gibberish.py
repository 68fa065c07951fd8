"""Whether a text reads as language: formulas and tables pass, wrong letters do not."""

import json
import random
import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.engines import pdfium
from summarize.text.gibberish import gibberish

LANGUAGES = {
    "English": "A worker that is asked for the first time takes much longer to answer than one "
    "that has been asked before, since it has to load what it needs. We measure how long that "
    "takes on three machines, and we find that most of it goes into reading files which are "
    "never used again during the life of the process.",
    "German": "Ein Rechner, der zum ersten Mal gefragt wird, braucht viel länger für seine Antwort "
    "als einer, der schon gefragt worden ist, weil er erst laden muss, was er dafür benötigt. Wir "
    "messen auf drei Maschinen, wie lange das dauert, und stellen fest, dass die meiste Zeit auf "
    "Dateien entfällt, die danach nie wieder gelesen werden.",
    "French": "Une machine à laquelle on demande quelque chose pour la première fois met bien plus "
    "de temps à répondre qu'une autre, parce qu'elle doit d'abord charger ce qui lui manque. Nous "
    "avons mesuré cette durée sur trois ordinateurs et constaté que la plus grande partie se perd "
    "dans la lecture de fichiers qui ne servent plus jamais.",
    "Spanish": "Una máquina a la que se pregunta por primera vez tarda mucho más en contestar que "
    "otra a la que ya se ha preguntado, porque antes tiene que cargar todo lo que necesita. Hemos "
    "medido cuánto tarda en tres equipos y vemos que la mayor parte del tiempo se pierde en leer "
    "archivos que nunca más se vuelven a usar.",
    "Italian": "Una macchina interrogata per la prima volta impiega molto più tempo a rispondere "
    "di una che è già stata interrogata, perché deve prima caricare quello che le serve. Abbiamo "
    "misurato quanto dura su tre calcolatori e abbiamo visto che la maggior parte del tempo si "
    "perde nella lettura di file che non servono mai più.",
    "Portuguese": "Uma máquina à qual se pergunta pela primeira vez demora muito mais a responder "
    "do que outra, porque tem de carregar antes tudo aquilo de que precisa. Medimos quanto tempo "
    "isso leva em três computadores e vimos que a maior parte se perde na leitura de ficheiros "
    "que nunca mais são usados durante a vida do processo.",
    "Dutch": "Een machine waaraan voor het eerst iets wordt gevraagd, doet veel langer over haar "
    "antwoord dan een andere, omdat zij eerst moet laden wat zij nodig heeft. Wij hebben op drie "
    "computers gemeten hoe lang dat duurt, en zien dat de meeste tijd verloren gaat met het lezen "
    "van bestanden die daarna nooit meer worden gebruikt.",
    "Swedish": "En maskin som får sin första fråga behöver mycket längre tid för att svara än en "
    "annan, eftersom den först måste hämta allt som den behöver. Vi har mätt hur lång tid det tar "
    "på tre datorer och ser att det mesta går åt till att läsa filer som aldrig används igen så "
    "länge programmet lever, och det gäller för alla tre.",
    "Polish": "Maszyna, którą pyta się po raz pierwszy, potrzebuje na odpowiedź znacznie więcej "
    "czasu niż inna, ponieważ najpierw musi wczytać wszystko, co jest jej potrzebne. Zmierzyliśmy "
    "na trzech komputerach, jak długo to trwa, i widzimy, że większość czasu zabiera czytanie "
    "plików, które potem już nigdy nie są używane.",
    "Czech": "Stroj, kterého se někdo ptá poprvé, potřebuje na odpověď mnohem více času než jiný, "
    "protože nejprve musí načíst všechno, co je k tomu třeba. Na třech počítačích jsme změřili, "
    "jak dlouho to trvá, a zjistili jsme, že většinu času zabere čtení souborů, které se potom už "
    "nikdy nepoužijí, dokud program běží.",
    "Turkish": "İlk kez soru sorulan bir makine, daha önce sorulmuş olana göre çok daha geç yanıt "
    "verir, çünkü önce gerekli olan her şeyi yüklemesi gerekir. Bunun ne kadar sürdüğünü üç ayrı "
    "bilgisayarda ölçtük ve zamanın büyük bölümünün sonradan bir daha hiç kullanılmayan dosyaları "
    "okumak için harcandığını gördük.",
    "Finnish": "Kone, jolta kysytään jotakin ensimmäistä kertaa, vastaa paljon hitaammin kuin "
    "toinen, koska sen on ensin haettava kaikki mitä se tarvitsee. Mittasimme kolmella koneella "
    "kuinka kauan tämä kestää, ja näemme että suurin osa ajasta kuluu tiedostojen lukemiseen, "
    "vaikka niitä ei myöhemmin enää koskaan käytetä.",
    "Hungarian": "Az a gép, amelyet először kérdeznek, sokkal lassabban válaszol, mint a másik, "
    "mert előbb be kell töltenie mindazt, amire szüksége van. Három számítógépen megmértük, hogy "
    "ez meddig tart, és azt látjuk, hogy az idő nagy része olyan fájlok olvasásával telik el, "
    "amelyekre később már soha nincs szükség.",
    "Indonesian": "Mesin yang baru pertama kali ditanya membutuhkan waktu jauh lebih lama untuk "
    "menjawab daripada mesin lain, karena harus memuat dahulu semua yang diperlukan. Kami telah "
    "mengukur lamanya pada tiga komputer dan melihat bahwa sebagian besar waktu habis untuk "
    "membaca berkas yang tidak pernah dipakai lagi.",
    "Vietnamese": "Một máy được hỏi lần đầu tiên cần nhiều thời gian hơn để trả lời so với các máy "
    "khác, vì trước hết nó phải nạp tất cả những gì cần thiết. Chúng tôi đã đo thời gian này trên "
    "ba máy tính và thấy rằng phần lớn thời gian được dùng để đọc các tệp mà sau đó không bao giờ "
    "được dùng lại nữa trong suốt quá trình.",
    "Swahili": "Mashine inayoulizwa swali kwa mara ya kwanza huchukua muda mrefu zaidi kujibu "
    "kuliko nyingine, kwa sababu lazima kwanza ipakie kila kitu inachohitaji. Tumepima muda huo "
    "katika kompyuta tatu na tumeona kwamba sehemu kubwa ya muda hutumika kusoma faili ambazo "
    "hazitumiki tena kamwe wakati programu inaendelea.",
    "Latin": "Machina quae primum interrogatur multo tardius respondet quam altera, quod antea "
    "omnia quibus eget colligere debet. In tribus machinis quam diu hoc fieret metiti sumus, et "
    "vidimus maximam temporis partem in legendis libris consumi, quibus postea numquam iterum "
    "utimur dum opus procedit atque finitur.",
    "Estonian": "Masin, millelt küsitakse midagi esimest korda, vastab palju aeglasemalt kui "
    "teine, sest ta peab kõigepealt laadima kõik vajaliku. Mõõtsime kolmes arvutis, kui kaua see "
    "aega võtab, ja näeme, et suurem osa ajast kulub failide lugemisele, mida hiljem enam kunagi "
    "ei kasutata, kuni programm töötab.",
    "Welsh": "Mae peiriant sy'n cael ei holi am y tro cyntaf yn cymryd llawer mwy o amser i ateb "
    "nag un arall, oherwydd bod rhaid iddo lwytho popeth sydd ei angen arno yn gyntaf. Rydym wedi "
    "mesur faint o amser mae hyn yn ei gymryd ar dri chyfrifiadur, a gwelwn fod y rhan fwyaf yn "
    "mynd ar ddarllen ffeiliau na ddefnyddir byth eto.",
    "Russian": "Машина, которую спрашивают в первый раз, отвечает гораздо медленнее, чем другая, "
    "потому что сначала ей нужно загрузить всё необходимое. Мы измерили на трёх компьютерах, "
    "сколько времени это занимает, и видим, что большая часть уходит на чтение файлов, которые "
    "потом уже никогда не используются.",
    "Greek": "Ένα μηχάνημα που ερωτάται για πρώτη φορά χρειάζεται πολύ περισσότερο χρόνο για να "
    "απαντήσει από ένα άλλο, γιατί πρέπει πρώτα να φορτώσει όλα όσα του χρειάζονται. Μετρήσαμε σε "
    "τρεις υπολογιστές πόσο διαρκεί αυτό και βλέπουμε ότι ο περισσότερος χρόνος χάνεται στην "
    "ανάγνωση αρχείων που δεν χρησιμοποιούνται ποτέ ξανά.",
    "Japanese": "初めて問い合わせを受けた機械は、すでに問い合わせを受けたことのある機械より"
    "も、答えるまでにずっと長い時間がかかる。必要なものをすべて読み込まなければならないか"
    "らである。われわれは三台の計算機でその時間を測り、大部分が二度と使われないファイルの"
    "読み込みに費やされていることを見いだした。この傾向は三台のすべてに共通しており、記憶"
    "装置の種類によらない。読み込みを後回しにすると、最初の答えまでの時間は半分になった。"
    "さらに、使われないファイルを取り除くと、残りの時間もおよそ三分の一だけ短くなった。",
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_languages_are_no_gibberish(language: str) -> None:
    """A few sentences of a language read as language, whether its small words are known or not."""
    assert not gibberish(LANGUAGES[language] * 2)


def shifted(text: str, by: int) -> str:
    """Return the text with each letter replaced by the one that stands `by` places further."""
    lower = string.ascii_lowercase
    turned = lower[by:] + lower[:by]
    return text.translate(str.maketrans(lower + lower.upper(), turned + turned.upper()))


@pytest.mark.parametrize("by", range(1, 26))
def test_shifted_letters_are_gibberish(by: int) -> None:
    """English whose letters all stand for other letters is told, whichever they are."""
    assert gibberish(shifted(LANGUAGES["English"] * 2, by))


def test_shuffled_alphabets_are_gibberish() -> None:
    """Nearly every text under an alphabet in no order is told."""
    rng = random.Random(7)
    told = 0
    for language in ("English", "German", "French", "Spanish", "Polish") * 20:
        letters = list(string.ascii_lowercase)
        rng.shuffle(letters)
        key = str.maketrans(string.ascii_lowercase, "".join(letters))
        told += gibberish(LANGUAGES[language].lower().translate(key) * 2)
    assert told >= 90


@pytest.mark.parametrize(
    "text",
    [
        "".join(map(chr, range(1, 32))) * 20,  # a font without a table: glyph numbers
        "\ue001\ue002\ue003 \ue004\ue005 " * 60,
        "�� ��� � ��" * 60,
        "7KLV LV D WHVW RI WKH ZRUOG DQG LWV SHRSOH " * 10,  # glyph numbers 29 below the letters
        LANGUAGES["Russian"].encode("cp1251").decode("latin-1"),
        LANGUAGES["Greek"].encode("cp1253").decode("latin-1"),
        "0-a-el-m- 5 .E.:01.6a.e. tot:A•44 d-ette- ay. ..LKV VI.GL,41-gta*Aer. N.k..ciA# pet,A•4 "
        * 5,
    ],
    ids=["glyphs", "private", "unknown", "moved", "Cyrillic", "Greek", "scraps"],
)
def test_wrong_letters_are_gibberish(text: str) -> None:
    """Characters that no language uses, or not so, are told."""
    assert gibberish(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sgd pthbj aqnvm enw",
        "\x01\x02\x03" * 60,
        "0.71 0.82 0.93 12.4 ± 0.3 (p < 0.01) 55.2 61.8 " * 40,
        "∑ᵢ xᵢ² ≤ ‖x‖² (t+1)−f(t) = λ∇g ⇒ ∀ε>0 ∃δ " * 40,
        "for (int i = 0; i < n; i++) { total += values[i] * weight; }\nreturn total / n;\n" * 20,
        "ResNet-50 76.1 92.9 VGG-16 71.5 89.8 AlexNet 56.5 79.1 Inception-v3 77.5 93.6 " * 20,
    ],
    ids=["empty", "a few words", "a few glyphs", "numbers", "formulas", "code", "a table"],
)
def test_what_holds_few_words_is_no_gibberish(text: str) -> None:
    """Numbers, formulas, code and tables hold few words or none, and pass."""
    assert not gibberish(text)


def test_time_grows_with_the_text() -> None:
    """A text of two million characters, of whatever kind, is judged within seconds."""
    for text in ("a" * 2_000_000, "ab " * 700_000, "".join(map(chr, range(0x4E00, 0x9F00))) * 96):
        before = time.process_time()
        gibberish(text)
        assert time.process_time() - before < 5


@given(st.text(max_size=2_000))
def test_any_text_can_be_judged(text: str) -> None:
    """No text whatever makes the judgement fail."""
    assert gibberish(text) in {True, False}


def _text(path: Path, pages: int = 50) -> str:
    return "\n".join(page.text for page in pdfium.extract(path.read_bytes(), pages).pages)


@pytest.mark.slow
def test_good_papers_are_no_gibberish(icml: Path, shared: Path) -> None:
    """The first pages of each of 108 papers read as language, whatever it is about."""
    files = [*(icml / "pdfs").glob("*.pdf"), *(shared / "corpus" / "papers").glob("*.pdf")]
    assert len(files) >= 108
    assert [path.name for path in files if gibberish(_text(path, 2))] == []


def test_nonsense_text_layers_are_gibberish(shared: Path) -> None:
    """Shifted letters, a bad reading of handwriting and glyph numbers are told in real files."""
    folder = shared / "corpus" / "damaged"
    index = json.loads((folder / "index.json").read_text("utf-8"))
    bad = [file["file"] for file in index if file["expect"] == "gibberish_or_ocr"]
    assert len(bad) == 3
    for name in (*bad, "olmocr__olmo-page-1.pdf"):
        assert gibberish(_text(folder / name)), name
    for name in ("docling__right_to_left_01", "unstructured__korean-text-with-tables",
                 "olmocr__skinnypage", "olmocr__edgar-rotated90"):  # fmt: skip
        assert not gibberish(_text(folder / f"{name}.pdf")), name
