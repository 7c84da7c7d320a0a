package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Note;
import dev.channels.PresentClient;
import dev.channels.SendMode;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.request.Handshakes;
import dev.channels.test.FakeSession;
import dev.channels.test.LogCapture;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can happen to a session before it has its subscription, and after. */
class ChannelEndpointTest {

    private static final CloseReason BY_CLIENT = new CloseReason(CloseCodes.NORMAL_CLOSURE, "");

    private final FakeSession fake = new FakeSession();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final Doors doors =
            new Doors(
                    plugin(),
                    DoorsFixture.withPresence(),
                    ClientCode.NONE,
                    Runnable::run,
                    scheduler);
    private final ChannelEndpoint endpoint =
            new ChannelEndpoint(
                    new EndpointContext(
                            doors,
                            new EndpointSettings(
                                    "/", Set.of("news"), false, 0, SendMode.TEXT, 100)),
                    "news");

    /** Runs while the plugin subscribes. */
    private Runnable whileSubscribing = () -> {};

    private boolean subscribed;
    private boolean unsubscribed;
    private final List<String> entered = new ArrayList<>();

    @BeforeEach
    void chooseTheServer() {
        doors.recognise(fake.session);
        Handshakes.letIn(fake, EndpointPaths.DOOR, "news");
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private ChannelsPlugin plugin() {
        return (ChannelsPlugin)
                Proxy.newProxyInstance(
                        ChannelsPlugin.class.getClassLoader(),
                        new Class<?>[] {ChannelsPlugin.class},
                        (self, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("startSubscription");
                            subscribed = true;
                            whileSubscribing.run();
                            return new OneSubscription();
                        });
    }

    /** Has no subscriber that the endpoint could call, and with it the class of an application. */
    private final class OneSubscription implements Subscription {
        @Override
        public Subscriber subscriber() {
            throw new AssertionError("A subclass may do anything in its methods");
        }

        @Override
        public CompletionStage<Void> established() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void join(Start start, Collection<String> channels) {
            throw new AssertionError("An endpoint of one channel joins no other");
        }

        @Override
        public void leave(Collection<String> channels) {
            throw new AssertionError("An endpoint of one channel leaves it by closing");
        }

        @Override
        public boolean put(Note note) {
            throw new AssertionError("A plain endpoint sends events only");
        }

        @Override
        public void enter(String channel, PresentClient client) {
            entered.add(channel + " " + client.user());
        }

        @Override
        public void close() {
            unsubscribed = true;
        }
    }

    private void open() {
        endpoint.onOpen(fake.session, null);
    }

    private CloseCodes closeCode() {
        assertThat(fake.closes).hasSize(1);
        return (CloseCodes) fake.closes.get(0).getCloseCode();
    }

    @Test
    void quietSessionsDoNotTimeOut() {
        fake.maxIdleTimeout = 30_000;
        endpoint.onOpen(fake.session, null);
        assertThat(fake.maxIdleTimeout).isZero();
        endpoint.onOpen(fake.session, null);
    }

    @Test
    void sessionThatOpensWhileThePluginStopsIsClosedWithGoingAway() {
        whileSubscribing =
                () -> {
                    throw new ChannelsException(ErrorCode.NOT_RUNNING, "stopping");
                };
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(fake.closes.get(0).getReasonPhrase()).isEqualTo("The application is stopping");
    }

    @Test
    void sessionThatOpensAfterTheCloseOfTheEndpointsIsNotSubscribed() {
        doors.close();
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(subscribed).isFalse();
    }

    @Test
    void clientIsThereAsLongAsItIsSubscribed() {
        open();
        assertThat(entered).containsExactly("news ");
    }

    @Test
    void sessionThatTheClientClosesIsUnsubscribed() {
        open();
        assertThat(unsubscribed).isFalse();
        endpoint.onClose(fake.session, BY_CLIENT);
        assertThat(unsubscribed).isTrue();
        doors.close();
        assertThat(fake.closes).isEmpty();
    }

    @Test
    void sessionThatIsClosedBeforeItsSubscriptionExistsIsUnsubscribed() {
        whileSubscribing = () -> endpoint.onClose(fake.session, BY_CLIENT);
        open();
        assertThat(unsubscribed).isTrue();
    }

    /** One server forgets it only if it is asked to close it. */
    @Test
    void sessionThatIsOverBeforeItIsOpenIsClosed() {
        whileSubscribing = () -> fake.isOpen = false;
        open();
        assertThat(unsubscribed).isTrue();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void oversizedInputClosesWithTooBig() {
        open();
        fake.receive("x".repeat(101), true);
        assertThat(closeCode()).isEqualTo(CloseCodes.TOO_BIG);
        assertThat(unsubscribed).isTrue();
    }

    @Test
    void oversizedInputBeforeTheSubscriptionExistsClosesWithTooBig() {
        whileSubscribing = () -> fake.receive("x".repeat(101), true);
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.TOO_BIG);
        assertThat(unsubscribed).isTrue();
    }

    @Test
    void sessionThatNobodyHasLetInIsRefused() {
        fake.userProperties.clear();
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void sessionThatWasLetInToAnotherChannelIsRefused() {
        Handshakes.letIn(fake, EndpointPaths.DOOR, "weather");
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    @Test
    void sessionThatWasLetInAtAnotherDoorIsRefused() {
        Handshakes.letIn(fake, "client", "news");
        open();
        assertThat(closeCode()).isEqualTo(CloseCodes.VIOLATED_POLICY);
    }

    @Test
    void manyThatGetNoSubscriptionAreOneLineWithoutAStackTrace() {
        whileSubscribing =
                () -> {
                    throw new ChannelsException(ErrorCode.SUBSCRIBE_FAILED, "why");
                };
        try (LogCapture log = new LogCapture()) {
            open();
            open();
            assertThat(log.records()).hasSize(1).allMatch(line -> line.getThrown() == null);
        }
    }

    @Test
    void sessionThatFailsIsEndedThoughTheServerMayNotCloseIt() {
        open();
        endpoint.onError(fake.session, new IllegalStateException("invalid close code"));
        assertThat(unsubscribed).isTrue();
        assertThat(closeCode()).isEqualTo(CloseCodes.GOING_AWAY);
        assertThat(doors.connections().size()).isZero();
        endpoint.onClose(fake.session, BY_CLIENT);
        assertThat(fake.closes).hasSize(1);
    }
}
