package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.Publication;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each defect is found, at its place and with its number. */
final class HistoryTest {

    private final EventLedger ledger = new EventLedger("c", "d");
    private final History history = new History(Signal.GAP);
    private long offset;

    /** Has the broker accept {@code series:number}s of one channel. */
    private static History accept(History by, String channel, String... texts) {
        for (String text : texts) {
            by.add(publication(channel, text));
        }
        return by;
    }

    private static Publication publication(String channel, String text) {
        return new Publication(1, text.getBytes(StandardCharsets.UTF_8), Set.of(channel));
    }

    private void accept(String channel, String... texts) {
        accept(history, channel, texts);
    }

    /** Delivers events, or what stands for a gap ({@code !}) or an outage ({@code #}). */
    private void come(String channel, String... texts) {
        for (String text : texts) {
            switch (text) {
                case "!" -> ledger.gap(channel);
                case "#" -> ledger.disconnected(null);
                default -> {
                    offset++;
                    deliver(channel, text);
                }
            }
        }
    }

    private void deliver(String channel, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        ledger.deliver(new ChannelEvent(channel, new Position("epoch", offset), data));
    }

    private Verdict verdict() {
        return history.judge(ledger);
    }

    @Test
    void findsNothingWhereAllIsWell() {
        accept("c", "a:1", "a:2", "b:1");
        accept("d", "a:2", "a:3");
        come("c", "a:1", "b:1", "#", "a:2");
        come("d", "a:2", "a:3");
        assertThat(verdict()).isEqualTo(new Verdict(5, 5, 0, 0, 0, 0, 0, 0, 0));
        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void findsWhatIsLost() {
        accept("c", "a:1", "a:2", "a:3", "b:1");
        accept("d", "a:2");
        come("c", "a:1", "!", "a:3", "b:1");
        come("d", "a:2");
        assertThat(verdict()).isEqualTo(new Verdict(5, 4, 1, 0, 0, 1, 0, 0, 0));
        assertThat(verdict().isClean()).isFalse();
        assertThat(verdict().isOrderly()).isTrue();
    }

    @Test
    void findsWhatCameTwice() {
        accept("c", "a:1", "a:2");
        come("c", "a:1", "a:2", "a:2");
        assertThat(verdict().duplicated()).isEqualTo(1);
        assertThat(verdict().isOrderly()).isFalse();
    }

    @Test
    void findsWhatCameAgainMuchLater() {
        accept("c", "a:1", "a:2", "a:3");
        come("c", "a:1", "a:2", "a:3", "#", "!", "a:1");
        assertThat(verdict()).isEqualTo(new Verdict(3, 4, 0, 1, 0, 1, 0, 0, 1));
    }

    @Test
    void tellsWhatWasPublishedAgainFromWhatCameAgainByItself() {
        accept("c", "a:1", "a:2");
        history.addRepeated(publication("c", "a:2"));
        come("c", "a:1", "a:2", "a:2", "a:1");
        assertThat(verdict()).isEqualTo(new Verdict(2, 4, 0, 2, 0, 0, 0, 0, 1));
    }

    @Test
    void findsWhatWasNeverAccepted() {
        accept("c", "a:1");
        come("c", "a:1", "a:2", "nonsense");
        come("d", "a:1");
        assertThat(verdict().duplicated()).isEqualTo(3);
    }

    @Test
    void countsWhatItsPositionGivesAway() {
        accept("c", "a:1");
        come("c", "a:1");
        deliver("c", "a:1");
        assertThat(verdict()).isEqualTo(new Verdict(1, 1, 0, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void findsWhatIsOutOfOrder() {
        accept("c", "a:1", "a:2", "a:3", "b:1");
        come("c", "a:1", "a:3", "a:2", "b:1");
        assertThat(verdict()).isEqualTo(new Verdict(4, 4, 0, 0, 1, 0, 0, 0, 0));
        assertThat(verdict().isOrderly()).isFalse();
    }

    @Test
    void findsAGapThatIsNotSignalled() {
        accept("c", "a:1", "a:2", "a:3", "a:4");
        come("c", "a:1", "a:4");
        assertThat(verdict()).isEqualTo(new Verdict(4, 2, 2, 0, 0, 0, 1, 0, 0));
        assertThat(verdict().isOrderly()).isFalse();
    }

    @Test
    void findsAGapThatIsSignalledElsewhere() {
        accept("c", "a:1", "a:2", "a:3", "a:4", "a:5");
        accept("d", "a:1", "a:2");
        come("c", "!", "a:1", "a:3", "!", "a:4", "a:5", "!");
        come("d", "a:1", "!", "a:2");
        assertThat(verdict()).isEqualTo(new Verdict(7, 6, 1, 0, 0, 4, 1, 0, 0));
    }

    @Test
    void findsEachOfSeveralGapsThatAreNotSignalled() {
        accept("c", "a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7");
        come("c", "a:2", "a:4", "!", "a:6");
        assertThat(verdict().lost()).isEqualTo(4);
        assertThat(verdict().unsignalled()).isEqualTo(3);
    }

    @Test
    void looksAtEachSeriesByItself() {
        accept("c", "a:1", "a:2", "a:3", "b:1", "b:2", "b:3");
        come("c", "a:1", "b:1", "a:3", "!", "b:3");
        assertThat(verdict().lost()).isEqualTo(2);
        assertThat(verdict().unsignalled()).isEqualTo(1);
    }

    @Test
    void findsTheLossOfEverything() {
        accept("c", "a:1");
        assertThat(verdict()).isEqualTo(new Verdict(1, 0, 1, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void anOutageIsASignalOnlyWhereItSaysSo() {
        History forgetful = accept(new History(Signal.OUTAGE), "c", "a:1", "a:2", "a:3", "a:4");
        accept("c", "a:1", "a:2", "a:3", "a:4");
        come("c", "a:1", "#", "a:3");
        assertThat(verdict().unsignalled()).isEqualTo(2);
        assertThat(forgetful.judge(ledger).unsignalled()).isEqualTo(1);
    }

    @Test
    void knowsWhetherTheLastEventsHaveCome() {
        accept("c", "a:1", "a:2", "b:1");
        come("c", "a:2");
        assertThat(history.hasCome(ledger)).isFalse();
        come("d", "b:1");
        assertThat(history.hasCome(ledger)).isFalse();
        come("c", "b:1");
        assertThat(history.hasCome(ledger)).isTrue();
    }

    @Test
    void judgesSectionsOfALongRun() {
        accept("c", "a:1");
        come("c", "a:1");
        history.clear();
        ledger.clear();
        accept("c", "a:2");
        come("c", "a:1", "a:2");
        assertThat(verdict()).isEqualTo(new Verdict(1, 2, 0, 1, 0, 0, 0, 0, 1));
    }
}
