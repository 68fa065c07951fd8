"""A real WordPress for a test: Debian's, with a database and a server of its own, on loopback."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

SOURCE = Path("/usr/share/wordpress")
NEEDED = ("mariadbd", "mariadb-install-db", "php")

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s'); define('DB_CHARSET', 'utf8mb4');
define('AUTH_KEY', '%(salt)s'); define('NONCE_KEY', '%(salt)s');
define('AUTH_SALT', '%(salt)s'); define('NONCE_SALT', '%(salt)s');
define('SECURE_AUTH_KEY', '%(salt)s'); define('LOGGED_IN_KEY', '%(salt)s');
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
define('WP_ENVIRONMENT_TYPE', 'local');  // else application passwords want https
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
function wp_mail() { return true; }
require_once ABSPATH . 'wp-settings.php';
"""
_ROUTER = """<?php
$path = __DIR__ . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (is_file($path) || is_file($path . '/index.php') && rtrim($path, '/') !== __DIR__) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require __DIR__ . '/index.php';
"""
_INSTALL = """<?php
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('A blog', 'author', 'a@example.org', true, '', 'a-login-password');
$GLOBALS['wp_rewrite']->set_permalink_structure('/%postname%/');
flush_rewrite_rules(false);
$user = get_user_by('login', 'author')->ID;
wp_insert_user(['user_login' => 'reader', 'user_pass' => 'x', 'role' => 'subscriber']);
$made = [];
foreach (['author', 'reader'] as $name) {
    $id = get_user_by('login', $name)->ID;
    [$made[$name]] = WP_Application_Passwords::create_new_application_password(
        $id, ['name' => 'roundup']);
}
echo json_encode(['passwords' => $made, 'version' => $wp_version]);
"""
# What WordPress's own parser, and its editor's, make of a post.
_PARSED = """<?php
require __DIR__ . '/wp-load.php';
$names = [];
$walk = function ($blocks) use (&$walk, &$names) {
    foreach ($blocks as $block) {
        if ($block['blockName'] !== null || trim($block['innerHTML']) !== '') {
            $names[] = $block['blockName'] ?? 'freeform';
        }
        $walk($block['innerBlocks']);
    }
};
$walk(parse_blocks(get_post($argv[1])->post_content));
echo json_encode($names);
"""
_EDITOR = """<?php
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
$content = wp_json_encode(get_post((int) $_GET['post'])->post_content, JSON_HEX_TAG);
?><!doctype html><meta charset="utf-8"><body><pre id="found">nothing ran</pre>
<?php wp_print_scripts(['wp-block-library']); ?>
<script>
const found = [];
const seen = {};
const walk = (blocks) => blocks.forEach((block) => {
  seen[block.name] = (seen[block.name] || 0) + 1;
  if (!block.isValid) { found.push([block.name, block.originalContent]); }
  walk(block.innerBlocks);
});
try {
  wp.blockLibrary.registerCoreBlocks();
  walk(wp.blocks.parse(<?php echo $content; ?>));
  document.getElementById('found').textContent = JSON.stringify({invalid: found, seen: seen});
} catch (error) {
  document.getElementById('found').textContent = JSON.stringify({error: String(error)});
}
</script>
"""


def missing() -> str:
    """Return what a real WordPress lacks here; empty where nothing is missing."""
    if not (SOURCE / "wp-load.php").is_file():
        return "needs WordPress (apt-get install wordpress mariadb-server php)"
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    return f"needs {', '.join(lacking)}" if lacking else ""


@dataclass(frozen=True)
class WordPressSite:
    """A site that is up: where it is, and how its two users sign in."""

    url: str
    root: Path
    version: str
    passwords: dict[str, str] = field(repr=False)

    def environment(self, user: str = "author") -> dict[str, str]:
        """Return the variables that `roundup publish` signs in with."""
        return {
            **os.environ,
            "ROUNDUP_WORDPRESS_USER": user,
            "ROUNDUP_WORDPRESS_PASSWORD": self.passwords[user],
        }

    def php(self, code: str, *arguments: str) -> str:
        """Run a script inside WordPress, and return what it prints."""
        script = self.root / f"test-{secrets.token_hex(4)}.php"
        script.write_text(code, "utf-8")
        ran = subprocess.run(
            ["php", str(script), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def parsed(self, number: str) -> list[str]:
        """Return the names of a post's blocks by `parse_blocks`; words outside are `freeform`."""
        names = json.loads(self.php(_PARSED, number))
        assert isinstance(names, list)
        return names

    def post(self, number: str) -> dict[str, str]:
        """Return a post as the database holds it."""
        code = "<?php require __DIR__ . '/wp-load.php'; echo json_encode(get_post($argv[1]));"
        found = json.loads(self.php(code, number))
        assert isinstance(found, dict)
        return found

    def edit(self, number: str, old: str, new: str) -> None:
        """Change words of a post, as somebody does in the site's editor."""
        code = (
            "<?php require __DIR__ . '/wp-load.php'; wp_set_current_user(1);"
            "$p = get_post($argv[1]); wp_update_post(wp_slash(['ID' => $p->ID,"
            " 'post_content' => str_replace($argv[2], $argv[3], $p->post_content)]));"
        )
        self.php(code, number, old, new)


@contextmanager
def running(folder: Path) -> Iterator[WordPressSite]:
    """Set a WordPress up in a folder, and take it down again."""
    root, data = folder / "site", folder / "db"
    # MariaDB's socket has a path of at most 107 bytes, which pytest's folders may pass.
    with ExitStack() as stack:
        sockets = Path(f"/tmp/roundup-wp-{secrets.token_hex(4)}")
        sockets.mkdir(mode=0o700)
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        database = sockets / "db.sock"
        _database(stack, data, database)
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        _files(root, {"socket": database, "salt": secrets.token_hex(32), "url": url})
        site = _installed(root, url)
        _serve(stack, root, port)
        yield site


def _database(stack: ExitStack, data: Path, database: Path) -> None:
    user = f"--user={_user()}"
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", user, f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", user, f"--datadir={data}", f"--socket={database}",
         "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
         "--innodb-buffer-pool-size=32M", f"--pid-file={data / 'pid'}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stack.callback(_end, server)
    _until(database.exists, server)
    client = shutil.which("mariadb") or "mysql"
    subprocess.run(
        [client, "--no-defaults", f"--socket={database}", "-uroot", "-e",
         "CREATE DATABASE wordpress CHARACTER SET utf8mb4"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def _files(root: Path, values: dict[str, object]) -> None:
    """Lay the site's files out: WordPress's own are copied, but for what it only includes."""
    root.mkdir()
    for path in SOURCE.iterdir():
        if path.name in {"wp-config.php", "wp-config-sample.php"}:
            continue
        if path.name == "wp-includes":
            (root / path.name).symlink_to(path)
        elif path.is_dir():
            shutil.copytree(path, root / path.name, symlinks=False, ignore_dangling_symlinks=True)
        else:
            shutil.copy(path, root / path.name)
    shutil.rmtree(root / "wp-content" / "languages", ignore_errors=True)
    (root / "wp-config.php").write_text(_CONFIG % values, "utf-8")
    (root / "router.php").write_text(_ROUTER, "utf-8")
    (root / "editor-of.php").write_text(_EDITOR, "utf-8")


def _installed(root: Path, url: str) -> WordPressSite:
    script = root / "install-it.php"
    script.write_text(_INSTALL, "utf-8")
    ran = subprocess.run(
        ["php", "-d", "display_errors=0", str(script)],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "HTTP_HOST": url.removeprefix("http://")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    script.unlink()
    said = json.loads(ran.stdout[ran.stdout.index("{") :])
    return WordPressSite(url, root, said["version"], said["passwords"])


def _serve(stack: ExitStack, root: Path, port: int) -> None:
    server = subprocess.Popen(
        ["php", "-d", "display_errors=0", "-d", "upload_max_filesize=2M", "-d", "post_max_size=3M",
         "-S", f"127.0.0.1:{port}", "-t", str(root), str(root / "router.php")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stack.callback(_end, server)

    def answers() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/wp-json/", timeout=30) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    _until(answers, server)


def _until(ready: "Callable[[], bool]", server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 90
    while not ready():
        assert server.poll() is None, f"{server.args!r} ended"
        assert time.monotonic() < give_up, f"{server.args!r} does not come up"
        time.sleep(0.1)  # another process is waited for


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
