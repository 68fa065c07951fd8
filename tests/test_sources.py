"""Paper sites: what an address alone says of a paper."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarize import sources
from summarize.records import Paper
from summarize.sources import SOURCES, arxiv, doi
from summarize.sources.source import Source

OPENREVIEW = "https://openreview.net"
PMLR = "https://proceedings.mlr.press"
ACL = "https://aclanthology.org"
CVF = "https://openaccess.thecvf.com"
NEURIPS = "https://papers.nips.cc"
JMLR = "https://jmlr.org/papers"
ARXIV = "https://arxiv.org/pdf"
HASH = "3f5ee243547dee91fbd053c1c4a845aa"

# Site, address, key, and where its PDF may be.
KNOWN: list[tuple[str, str, str, list[str]]] = [
    ("OpenReview", f"{OPENREVIEW}/forum?id=x-Y_1", "x-Y_1", [f"{OPENREVIEW}/pdf?id=x-Y_1"]),
    ("OpenReview", f"{OPENREVIEW}/pdf?id=xY1", "xY1", [f"{OPENREVIEW}/pdf?id=xY1"]),
    ("OpenReview", "http://www.openreview.net/forum?id=xY1", "xY1", [f"{OPENREVIEW}/pdf?id=xY1"]),
    (
        "OpenReview",
        f"{OPENREVIEW}/forum?referrer=%5Bthe%20page%5D&id=xY1&noteId=abc#comment",
        "xY1",
        [f"{OPENREVIEW}/pdf?id=xY1"],
    ),
    (
        "OpenReview",
        f"{OPENREVIEW}/attachment?id=xY1&name=supplementary",
        "xY1",
        [f"{OPENREVIEW}/attachment?id=xY1&name=supplementary"],
    ),
    (
        "OpenReview",
        f"{OPENREVIEW}/forum?id=a%26b%20c",
        "a&b c",
        [f"{OPENREVIEW}/pdf?id=a%26b%20c"],
    ),
    ("arXiv", "https://arxiv.org/abs/2310.13018", "2310.13018", [f"{ARXIV}/2310.13018"]),
    ("arXiv", "http://www.arxiv.org/abs/2310.13018v2", "2310.13018", [f"{ARXIV}/2310.13018v2"]),
    ("arXiv", "https://arxiv.org/pdf/0704.0001v1.pdf", "0704.0001", [f"{ARXIV}/0704.0001v1"]),
    ("arXiv", "https://arxiv.org/html/2310.13018v1/", "2310.13018", [f"{ARXIV}/2310.13018v1"]),
    ("arXiv", "https://export.arxiv.org/abs/2310.13018", "2310.13018", [f"{ARXIV}/2310.13018"]),
    ("arXiv", "https://arxiv.org/abs/2310.13018?context=cs", "2310.13018", [f"{ARXIV}/2310.13018"]),
    (
        "arXiv",
        "https://arxiv.org/abs/hep-th/9901001v3",
        "hep-th/9901001",
        [f"{ARXIV}/hep-th/9901001v3"],
    ),
    (
        "arXiv",
        "https://arxiv.org/pdf/math.GT/0309136",
        "math.GT/0309136",
        [f"{ARXIV}/math.GT/0309136"],
    ),
    ("arXiv", "https://www.alphaxiv.org/abs/2310.13018", "2310.13018", [f"{ARXIV}/2310.13018"]),
    (
        "PMLR",
        f"{PMLR}/v37/allamanis15.html",
        "pmlr-v37-allamanis15",
        [f"{PMLR}/v37/allamanis15.pdf", f"{PMLR}/v37/allamanis15/allamanis15.pdf"],
    ),
    (
        "PMLR",
        "http://jmlr.mlr.press/v37/allamanis15.pdf",
        "pmlr-v37-allamanis15",
        [f"{PMLR}/v37/allamanis15.pdf", f"{PMLR}/v37/allamanis15/allamanis15.pdf"],
    ),
    (
        "PMLR",
        f"{PMLR}/v202/foo23a/foo23a.pdf",
        "pmlr-v202-foo23a",
        [f"{PMLR}/v202/foo23a/foo23a.pdf", f"{PMLR}/v202/foo23a.pdf"],
    ),
    (
        "PMLR",
        f"{PMLR}/v54/foo17a.html",
        "pmlr-v54-foo17a",
        [f"{PMLR}/v54/foo17a/foo17a.pdf", f"{PMLR}/v54/foo17a.pdf"],
    ),
    (
        "PMLR",
        f"{PMLR}/r2/foo99a.html",
        "pmlr-r2-foo99a",
        [f"{PMLR}/r2/foo99a.pdf", f"{PMLR}/r2/foo99a/foo99a.pdf"],
    ),
    ("ACL Anthology", f"{ACL}/P19-1001/", "P19-1001", [f"{ACL}/P19-1001.pdf"]),
    ("ACL Anthology", f"{ACL}/W18-5446.pdf", "W18-5446", [f"{ACL}/W18-5446.pdf"]),
    ("ACL Anthology", f"{ACL}/2020.acl-main.447v2.pdf", "2020.acl-main.447",
     [f"{ACL}/2020.acl-main.447.pdf"]),
    ("ACL Anthology", "https://www.aclweb.org/anthology/2020.acl-main.447/",
     "2020.acl-main.447", [f"{ACL}/2020.acl-main.447.pdf"]),
    ("ACL Anthology", f"{ACL}/2023.findings-emnlp.1", "2023.findings-emnlp.1",
     [f"{ACL}/2023.findings-emnlp.1.pdf"]),
    ("ACL Anthology", f"http://www.{ACL[8:]}/papers/P19-1001", "P19-1001",
     [f"{ACL}/P19-1001.pdf"]),
    ("CVF", f"{CVF}/content/CVPR2022/html/Li_A_B-C_CVPR_2022_paper.html", "Li_A_B-C_CVPR_2022",
     [f"{CVF}/content/CVPR2022/papers/Li_A_B-C_CVPR_2022_paper.pdf"]),
    ("CVF", f"{CVF}/content_CVPR_2019/papers/Li_A_CVPR_2019_paper.pdf", "Li_A_CVPR_2019",
     [f"{CVF}/content_CVPR_2019/papers/Li_A_CVPR_2019_paper.pdf"]),
    ("CVF", f"{CVF}/content/CVPR2023W/AI4CC/html/Li_A_CVPRW_2023_paper.html", "Li_A_CVPRW_2023",
     [f"{CVF}/content/CVPR2023W/AI4CC/papers/Li_A_CVPRW_2023_paper.pdf"]),
    ("NeurIPS", f"{NEURIPS}/paper/2017/hash/{HASH}-Abstract.html", "neurips-2017-3f5ee243547d",
     [f"{NEURIPS}/paper/2017/file/{HASH}-Paper.pdf"]),
    ("NeurIPS", f"{NEURIPS}/paper_files/paper/2023/hash/{HASH}-Abstract-Conference.html",
     "neurips-2023-3f5ee243547d",
     [f"{NEURIPS}/paper_files/paper/2023/file/{HASH}-Paper-Conference.pdf"]),
    ("NeurIPS",
     f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-"
     "Datasets_and_Benchmarks.pdf",
     "neurips-2022-3f5ee243547d",
     [f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-"
      "Datasets_and_Benchmarks.pdf"]),
    ("NeurIPS", f"{NEURIPS}/paper/7181-attention-is-all-you-need", "nips-7181",
     [f"{NEURIPS}/paper/7181-attention-is-all-you-need.pdf"]),
    ("NeurIPS", "http://papers.neurips.cc/paper/7181-attention-is-all-you-need.pdf", "nips-7181",
     [f"{NEURIPS}/paper/7181-attention-is-all-you-need.pdf"]),
    ("JMLR", f"{JMLR}/v15/srivastava14a.html", "jmlr-v15-srivastava14a",
     [f"{JMLR}/volume15/srivastava14a/srivastava14a.pdf"]),
    ("JMLR", "http://www.jmlr.org/papers/volume21/20-074/20-074.pdf", "jmlr-v21-20-074",
     [f"{JMLR}/volume21/20-074/20-074.pdf"]),
    ("Hugging Face", "https://huggingface.co/papers/2310.13018", "2310.13018",
     [f"{ARXIV}/2310.13018"]),
    ("Hugging Face", "https://hf.co/papers/2310.13018/", "2310.13018", [f"{ARXIV}/2310.13018"]),
    ("DOI", "https://doi.org/10.48550/arXiv.2310.13018", "2310.13018", [f"{ARXIV}/2310.13018"]),
    ("DOI", "http://dx.doi.org/10.1145/3292500.3330701", "10.1145/3292500.3330701",
     ["http://dx.doi.org/10.1145/3292500.3330701"]),
    ("DOI", "https://doi.org/10.1038%2FNature14539", "10.1038/nature14539",
     ["https://doi.org/10.1038%2FNature14539"]),
]  # fmt: skip

# Addresses of a site's host that are no paper of it.
NO_PAPERS = [
    f"{OPENREVIEW}/",
    f"{OPENREVIEW}/about",
    "https://arxiv.org/list/cs.LG/recent",
    "https://arxiv.org/abs/231.13018",
    "https://arxiv.org/abs/2310.1301",
    "https://arxiv.org/pdf/1412.69800",
    "https://arxiv.org/abs/2313.13018",
    "https://huggingface.co/papers/2310.1301",
    f"{PMLR}/v37/",
    f"{PMLR}/",
    f"{PMLR}/v{'9' * 5000}/a.html",
    f"{ACL}/volumes/2020.acl-main/",
    f"{ACL}/people/a/ada-lovelace/",
    f"{CVF}/CVPR2022?day=all",
    f"{NEURIPS}/paper/2017",
    f"{NEURIPS}/paper/2017/hash/short-Abstract.html",
    f"{JMLR}/v15/",
    "https://huggingface.co/papers",
    "https://huggingface.co/meta/model",
    "https://doi.org/",
]
ELSEWHERE = [
    "https://example.org/forum?id=xY1",
    "https://example.org/abs/2310.13018",
    "https://notarxiv.org/abs/2310.13018",
    "https://arxiv.org.example.com/abs/2310.13018",
    "https://example.org/v37/allamanis15.html",
]


def look_up(name: str) -> Source:
    """Return a source by its name."""
    return next(source for source in SOURCES if source.name == name)


@pytest.mark.parametrize(("site", "url", "key", "urls"), KNOWN, ids=[row[1][8:] for row in KNOWN])
def test_known_addresses(site: str, url: str, key: str, urls: list[str]) -> None:
    """An address of a site gives the paper's key and where its PDF may be, by that site's rules."""
    source, address = look_up(site), urlsplit(url)
    assert source.key(address) == key
    assert source.candidates(address) == urls
    assert sources.key([f"  {url} "]) == key
    assert sources.candidates(Paper(key="k", url=url)) == urls


@pytest.mark.parametrize("url", [*NO_PAPERS, *ELSEWHERE], ids=lambda url: url[8:48])
def test_other_addresses(url: str) -> None:
    """An address that is no paper of a site has no key, and is itself what can be asked."""
    assert sources.key([url]) is None
    assert sources.candidates(Paper(key="k", url=url))[0] == url


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_contract(source: Source) -> None:
    """Every source knows its own addresses and, `direct` aside, keeps out of all others'."""
    own = [url for name, url, *_ in KNOWN if name == source.name]
    foreign = [url for name, url, *_ in KNOWN if name != source.name]
    direct = source is SOURCES[-1]
    assert own or direct
    for url in own:
        assert source.key(urlsplit(url))
        assert source.candidates(urlsplit(url))
    for url in [*foreign, *NO_PAPERS, *ELSEWHERE]:
        assert source.key(urlsplit(url)) is None
        assert bool(source.candidates(urlsplit(url))) == (direct or is_resolver(source, url))


def is_resolver(source: Source, url: str) -> bool:
    """Tell whether an address is the DOI resolver's, which can be asked whatever it is given."""
    return source.name == "DOI" and urlsplit(url).hostname == "doi.org"


@pytest.mark.parametrize(
    ("url", "urls"),
    [
        ("https://example.org/a.pdf", ["https://example.org/a.pdf"]),
        ("http://example.org:8080/a?b=c#d", ["http://example.org:8080/a?b=c#d"]),
        ("https://example.org/a.html", ["https://example.org/a.html", "https://example.org/a.pdf"]),
    ],
)
def test_direct(url: str, urls: list[str]) -> None:
    """Any other address is asked itself, and for a page the PDF of its name beside it."""
    assert sources.candidates(Paper(key="k", url=url)) == urls


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701?x=1", "10.1145/3292500.3330701"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.01.1v1.full.pdf",
            "10.1101/2020.01.01.1v1",
        ),
        ("https://link.springer.com/content/pdf/10.1007/s10994-021-1.pdf", "10.1007/s10994-021-1"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/ABC.123", "10.1002/abc.123"),
    ],
)
def test_publishers(url: str, key: str) -> None:
    """A DOI in a publisher's address is the key, and the address itself is what is asked."""
    assert sources.key([url]) == key
    assert sources.candidates(Paper(key="k", url=url)) == [url]


def test_best_key_wins() -> None:
    """The key is the identifier of the site that stands first in the table, not in the row."""
    urls = ["https://doi.org/10.1145/1", "https://arxiv.org/abs/2310.13018", "https://a.org/x"]
    assert sources.key(urls) == "2310.13018"
    assert sources.key([*urls, f"{OPENREVIEW}/forum?id=xY1"]) == "xY1"
    assert sources.key(["https://a.org/x", "no address", ""]) is None


def test_versions_share_a_key() -> None:
    """All versions of an arXiv paper, wherever they are linked, have one key."""
    urls = [f"https://arxiv.org/abs/2310.13018{v}" for v in ("", "v1", "v12")]
    urls += [
        "https://huggingface.co/papers/2310.13018",
        "https://doi.org/10.48550/arXiv.2310.13018",
    ]
    assert {sources.key([url]) for url in urls} == {"2310.13018"}


def test_candidates_in_order() -> None:
    """What the list names as the PDF comes before what its address leads to, each once."""
    paper = Paper(
        key="k", url="https://arxiv.org/abs/2310.13018", pdf="https://example.org/mine.pdf"
    )
    assert sources.candidates(paper) == [
        "https://example.org/mine.pdf",
        f"{ARXIV}/2310.13018",
    ]
    again = Paper(key="k", url="https://arxiv.org/abs/2310.13018", pdf=f"{ARXIV}/2310.13018")
    assert sources.candidates(again) == [f"{ARXIV}/2310.13018"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "papers/local.pdf",
        "file:///etc/passwd",
        "ftp://example.org/a.pdf",
        "javascript:alert(1)",
        "data:application/pdf;base64,AAAA",
        "https://",
        "https:///path",
        "https://[::1",
        "https://example.org:port/",
        "//example.org/a",
        "example.org/a",
    ],
)
def test_what_is_no_address(text: str) -> None:
    """What is no http(s) address gives no key and no candidate."""
    assert sources.split(text) is None
    assert sources.key([text]) is None
    assert sources.candidates(Paper(key="k", url=text, pdf=text)) == []


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("2310.13018", "https://arxiv.org/abs/2310.13018"),
        (" arXiv: 2310.13018v2 ", "https://arxiv.org/abs/2310.13018v2"),
        ("ARXIV:math/0404236", "https://arxiv.org/abs/math/0404236"),
        ("0704.0001", "https://arxiv.org/abs/0704.0001"),
        ("1412.6980v9", "https://arxiv.org/abs/1412.6980v9"),
        ("1501.00001", "https://arxiv.org/abs/1501.00001"),
        ("2310.1", None),
        ("2310.1301", None),  # 2310.13010 as a spreadsheet has it
        ("1501.0001", None),
        ("1412.69800", None),
        ("0703.0001", None),
        ("2313.13018", None),
        ("2300.13018", None),
        ("see 2310.13018", None),
        ("", None),
    ],
)
def test_bare_arxiv(text: str, url: str | None) -> None:
    """A bare arXiv identifier stands for its address, and nothing else does."""
    assert arxiv.address_of(text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("10.1145/3292500", "https://doi.org/10.1145/3292500"),
        ("DOI: 10.1145/3292500 ", "https://doi.org/10.1145/3292500"),
        ("10.1145", None),
        ("10.1145/a b", None),
    ],
)
def test_bare_doi(text: str, url: str | None) -> None:
    """A bare DOI stands for its address, and nothing else does."""
    assert doi.address_of(text) == url


@pytest.mark.parametrize(
    ("url", "key", "urls"),
    [
        ("10.48550/arXiv.2310.13018v2", "2310.13018", [f"{ARXIV}/2310.13018v2"]),
        (
            "10.48550/arXiv.2310.1301",
            "10.48550/arxiv.2310.1301",
            ["https://doi.org/10.48550/arXiv.2310.1301"],
        ),
    ],
)
def test_arxiv_dois(url: str, key: str, urls: list[str]) -> None:
    """A DOI of arXiv's names its paper if it holds a whole identifier, else it is any DOI."""
    address = f"https://doi.org/{url}"
    assert sources.key([address]) == key
    assert sources.candidates(Paper(key="k", url=address)) == urls


_HOSTS = sorted({urlsplit(url).netloc for _, url, *_ in KNOWN} | {"a.org", "[::1]", "x:99999", ""})
_PATHS = sorted({urlsplit(url)._replace(scheme="", netloc="").geturl() for _, url, *_ in KNOWN})


@settings(max_examples=200, deadline=None)
@example(f"{PMLR}/v{'9' * 5000}/a.html")
@given(
    st.one_of(
        st.text(max_size=60),
        st.builds(
            "{}://{}{}{}".format,
            st.sampled_from(["http", "https", "HTTPS", ""]),
            st.sampled_from(_HOSTS),
            st.sampled_from(_PATHS),
            st.text(max_size=12),
        ),
    )
)
def test_any_text(text: str) -> None:
    """Any text at all gives a key or none and web addresses or none, and never an error."""
    key = sources.key([text])
    assert key is None or key
    urls = sources.candidates(Paper(key="k", url=text, pdf=text))
    assert bool(urls) == (sources.split(text) is not None)
    assert len(set(urls)) == len(urls)
    assert all(url.lower().startswith(("http://", "https://")) for url in urls)
