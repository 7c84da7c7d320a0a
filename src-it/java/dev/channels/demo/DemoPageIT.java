package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo's page in a real browser. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class DemoPageIT {

    private static Chromium browser;

    @ArquillianResource private URI base;

    @Deployment(testable = false)
    static WebArchive demo() {
        return DemoArchive.with(Path.of(System.getProperty("library.jar")));
    }

    @BeforeAll
    static void startBrowser() throws Exception {
        Optional<Path> executable = Chromium.executable();
        assumeTrue(
                executable.isPresent(),
                "The demo's page is not tested: no Chromium or Chrome is on the PATH");
        browser = new Chromium(executable.get(), Path.of("target/chromium"));
    }

    @AfterAll
    static void stopBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void drawsAndCountsTicks() {
        try (Page page = open()) {
            int before = page.number("document.querySelector('.ticks .count b').innerText");
            eventually(
                    () -> {
                        assertThat(
                                        page.number(
                                                "document.querySelector('.ticks .count b').innerText"))
                                .isGreaterThan(before + 1);
                        assertThat(page.number("document.querySelector('.curve').dataset.points"))
                                .isGreaterThan(1);
                        assertThat(
                                        page.evaluate(
                                                "document.querySelector('.curve').getAttribute('d')"))
                                .startsWith("M")
                                .doesNotContain("NaN");
                    });
            assertThat(page.text("#reading")).matches("\\d+\\.\\d");
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void showsTheServer() {
        try (Page page = open()) {
            eventually(
                    () ->
                            assertThat(page.text("#status"))
                                    .containsPattern("WildFly|Open Liberty|Payara"));
        }
    }

    @Test
    void showsInOneWindowWhatIsSaidInAnother() {
        String message = "<b>bold</b> " + UUID.randomUUID();
        try (Page one = open();
                Page other = open()) {
            one.submit("#say", "text", message);

            eventually(
                    () ->
                            assertThat(one.text("#messages .mine:last-child .bubble"))
                                    .isEqualTo(message));
            eventually(
                    () ->
                            assertThat(other.text("#messages li:last-child .bubble"))
                                    .isEqualTo(message));
            assertThat(other.text("#messages li:last-child"))
                    .startsWith(one.text("#messages li:last-child .avatar"));
            assertThat(other.number("document.querySelectorAll('.mine').length")).isZero();
        }
        try (Page later = open()) {
            eventually(
                    () ->
                            assertThat(later.text("#messages li:last-child .bubble"))
                                    .isEqualTo(message));
        }
    }

    @Test
    void showsTheLatestHeadlineFirst() {
        String headline = "Extra! " + UUID.randomUUID();
        try (Page one = open();
                Page other = open()) {
            one.submit("#report", "text", headline);

            eventually(
                    () -> assertThat(other.text("#headlines li:first-child")).startsWith(headline));
        }
    }

    @Test
    void keepsAndExplainsWhatCouldNotBeSent() {
        String tooLong = "x".repeat(20_000);
        try (Page page = open()) {
            page.evaluate(
                    "document.querySelectorAll('[maxlength]').forEach(i => i.removeAttribute('maxlength'))");
            page.submit("#say", "text", tooLong);

            eventually(() -> assertThat(page.text("#say .error")).contains("Not sent", "16384"));
            assertThat(page.number("document.querySelector('#say').elements.text.value.length"))
                    .isEqualTo(tooLong.length());
        }
    }

    @Test
    void comesBackAfterTheServerCutTheConnection() {
        String message = "still here " + UUID.randomUUID();
        try (Page page = open()) {
            page.submit("#say", "text", message);
            eventually(() -> assertThat(page.text("#messages")).contains(message));
            page.evaluate(
                    """
                    window.states = [...document.querySelectorAll('.state')].map(state => {
                        const seen = [];
                        new MutationObserver(() => seen.push(state.innerText)).observe(state, {childList: true});
                        return seen;
                    })""");

            // the server closes whoever sends more than it cares to ignore
            page.forEach("WebSocket.prototype", "socket => socket.send('x'.repeat(10_000))");

            eventually(
                    () ->
                            assertThat(page.evaluate("JSON.stringify(window.states)"))
                                    .isEqualTo(
                                            "[[\"reconnecting\",\"live\"],[\"reconnecting\",\"live\"],[\"reconnecting\",\"live\"]]"));
            int ticks = page.number("document.querySelector('.ticks .count b').innerText");
            eventually(
                    () ->
                            assertThat(
                                            page.number(
                                                    "document.querySelector('.ticks .count b').innerText"))
                                    .isGreaterThan(ticks));
            assertThat(page.text("#messages")).containsOnlyOnce(message);
        }
    }

    private Page open() {
        Page page = browser.open(base);
        eventually(
                () ->
                        assertThat(
                                        page.number(
                                                "document.querySelectorAll('[data-state=live]').length"))
                                .isEqualTo(3));
        return page;
    }

    /** Ignores exceptions, since an element that does not exist yet is one. */
    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
    }
}
