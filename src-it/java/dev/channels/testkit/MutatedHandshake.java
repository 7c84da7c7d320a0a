package dev.channels.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes handshakes of one that is right, by a few changes each; the same for the same seed. */
public final class MutatedHandshake {

    private static final List<String> PATHS =
            List.of(
                    "%77",
                    "%00",
                    "//",
                    "/../",
                    "/./",
                    ";p=1",
                    "%2f",
                    "%5C",
                    "%ff",
                    "%C0%AF",
                    "%ED%A0%80",
                    "%zz",
                    "%",
                    "?",
                    "#",
                    "&channel=a",
                    "%0A",
                    "\u0085",
                    "\\",
                    "{",
                    "%2e%2e/");

    private static final List<String> HEADERS =
            List.of(
                    "Content-Length: 5",
                    "Content-Length: -1",
                    "Transfer-Encoding: chunked",
                    "Origin: http://evil.example.org",
                    "Origin: null",
                    "Origin:",
                    "Upgrade: x",
                    "Connection: close",
                    "Expect: 100-continue",
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
                    "Sec-WebSocket-Extensions: ,;=",
                    "Sec-WebSocket-Protocol: a, b,,",
                    "Sec-WebSocket-Key: short",
                    "Sec-WebSocket-Version: 99",
                    "Cookie: a=b; c; =d; e=\u0001",
                    "Authorization: Basic !",
                    "Authorization: Bearer x",
                    "Forwarded: for=\"[::1\";proto",
                    "X-Forwarded-For: 1, 2, x",
                    "Last-Event-ID: %,;",
                    "Accept: text/html",
                    "Host: elsewhere");

    private static final List<String> METHODS =
            List.of("POST", "PUT", "HEAD", "OPTIONS", "get", "TRACE", "X");

    private final Random random;
    private final List<String> lines;

    private MutatedHandshake(Random random, String handshake) {
        this.random = random;
        this.lines = new ArrayList<>(List.of(handshake.split("\r\n")));
    }

    /** Returns a request; each character is a byte. */
    public static String of(long seed, URI application, List<String> targets) {
        Random random = new Random(seed);
        String target = targets.get(random.nextInt(targets.size()));
        MutatedHandshake made =
                new MutatedHandshake(random, RawClient.handshake(application, target));
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !made.lines.isEmpty(); i++) {
            made.change();
        }
        String end = random.nextInt(10) == 0 ? made.junk(20) : "";
        return String.join("\r\n", made.lines) + "\r\n\r\n" + end;
    }

    private void change() {
        int line = random.nextInt(lines.size());
        String text = lines.get(line);
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(12)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(line, text);
            case 2 -> lines.set(line, lines.set(random.nextInt(lines.size()), text));
            case 3 -> lines.set(line, text.substring(0, at) + junk(3) + text.substring(at));
            case 4 -> lines.set(line, text.substring(0, at));
            case 5 -> lines.set(line, text + "x".repeat(random.nextInt(20_000)));
            case 6 -> lines.set(0, lines.get(0).replaceFirst("^\\S*", one(METHODS)));
            case 7 -> lines.set(0, lines.get(0).replaceFirst("HTTP/1.1$", "HTTP/1.0"));
            case 8, 9 -> changePath();
            default -> lines.add(1 + random.nextInt(lines.size()), one(HEADERS));
        }
    }

    private void changePath() {
        String first = lines.get(0);
        int begin = first.indexOf(' ') + 1;
        int end = Math.max(begin, first.lastIndexOf(' '));
        int at = begin + random.nextInt(end - begin + 1);
        lines.set(0, first.substring(0, at) + one(PATHS) + first.substring(at));
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String junk(int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(longest); i > 0; i--) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }
}
