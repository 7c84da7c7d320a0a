package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.testkit.OnWildFlyAlone;
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
@OnWildFlyAlone
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
                                    .containsPattern("WildFly|Open Liberty|Payara|GlassFish")
                                    .containsPattern("Health\\s+up"));
        }
    }

    @Test
    void showsWhatABeanObserves() {
        try (Page page = open()) {
            eventually(
                    () ->
                            assertThat(page.text("#warmest"))
                                    .matches("The warmest was \\d+\\.\\d+ °C, says a bean.*"));
        }
    }

    @Test
    void showsHowFarASlowReaderIsBehind() {
        try (Page page = open()) {
            page.evaluate("document.querySelector('#slow').click()");
            eventually(
                    () ->
                            assertThat(page.text("#behind"))
                                    .matches("A slow reader is [1-9]\\d* events? behind.*"));
            assertThat(page.errors()).isEmpty();
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
            eventually(() -> assertThat(other.text("#people")).startsWith("2 windows here"));
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
    void losesNothingWhereTheConnectionIsCut() throws Exception {
        String before = "before " + UUID.randomUUID();
        String meanwhile = "meanwhile " + UUID.randomUUID();
        try (Page page = open()) {
            page.submit("#say", "text", before);
            eventually(() -> assertThat(page.text("#messages")).contains(before));

            page.evaluate("document.querySelector('#cut').click()");

            eventually(() -> assertThat(page.text(".line .state")).isEqualTo("reconnecting"));
            page.submit("#say", "text", meanwhile);
            eventually(
                    () ->
                            assertThat(page.text("#verdict"))
                                    .matches(
                                            "(\\d+) events missed, \\1 came afterwards, in order:"
                                                    + " nothing was lost\\."));
            assertThat(page.text(".line .state")).isEqualTo("live");
            assertThat(page.text("#messages")).containsOnlyOnce(before).containsOnlyOnce(meanwhile);
        }
    }

    @Test
    void fitsIntoAPhone() {
        String word = "x".repeat(400);
        try (Page page = open()) {
            page.resize(390, 844);
            page.submit("#say", "text", word);
            eventually(() -> assertThat(page.text("#messages")).contains(word));
            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo("390");
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
