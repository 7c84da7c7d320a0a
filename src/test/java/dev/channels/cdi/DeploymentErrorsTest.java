package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Backlog;
import dev.channels.ChannelsListener;
import dev.channels.Subscriber;
import jakarta.enterprise.context.Dependent;
import jakarta.json.bind.adapter.JsonbAdapter;
import jakarta.websocket.server.ServerEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every configuration that fails a deployment, each with its exact message. */
class DeploymentErrorsTest {

    private static void assertProblems(String message, String... problems) {
        assertThat(message)
                .isEqualTo(
                        "CHANNELS0001: The configuration of Channels EE is invalid:\n  - "
                                + String.join("\n  - ", problems));
    }

    // ---- Channels and keys

    @Test
    void neitherNamesNorArbitraryChannels() {
        assertProblems(
                Deployment.failure(),
                "channels.names = '': no channel can exist. Name the channels"
                        + " (channels.names=ticks,chat), or set"
                        + " channels.arbitrary-channels-allowed=true. In an EAR, put the"
                        + " properties into a JAR of its lib: not every server sees those of"
                        + " a WAR at boot.");
    }

    @Test
    void unknownKey() {
        assertProblems(
                Deployment.failure("names=a", "arbitrary-channels-alowed=true"),
                "channels.arbitrary-channels-alowed = 'true' (from app.properties): there is no such"
                        + " key. Did you mean channels.arbitrary-channels-allowed?");
    }

    @Test
    void unknownKeyOfTheMemoryBackend() {
        assertProblems(
                Deployment.failure("names=a", "memory.histroy=5"),
                "channels.memory.histroy = '5' (from app.properties): there is no such key. Did you"
                        + " mean channels.memory.history?");
    }

    @Test
    void howMuchAPolicyKeepsIsCheckedByTheBackend() {
        assertProblems(
                Deployment.failure(
                        "names=a,b",
                        "policy.x.channels=a,b",
                        "policy.x.history=-1",
                        "policy.x.retention=0s"),
                "channels.policy.x.history = '-1' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 0 to 1000000.",
                "channels.policy.x.retention = '0s' (from app.properties): it must be 1ms or"
                        + " longer. Write for example 1h.");
    }

    @Test
    void aBackendThatKeepsNothingOfItsOwnForAPolicy() {
        assertProblems(
                Deployment.failure(
                        "names=a",
                        "backend=redis-pubsub",
                        "policy.x.channels=a",
                        "policy.x.history=5"),
                "channels.policy.x.history = '5' (from app.properties): the backend redis-pubsub does"
                        + " not keep more or less of some channels. Leave this key out, or choose a"
                        + " backend that does (channels.backend).");
    }

    @Test
    void transactionsJoinInPostgresqlOnly() {
        assertProblems(
                Deployment.failure("names=a", "postgresql.publish-in-transaction=join"),
                "channels.postgresql.publish-in-transaction = 'join' (from app.properties): events"
                        + " join a transaction in PostgreSQL only, and channels.backend is memory."
                        + " Set channels.backend to postgresql, or leave this key out.");
    }

    @Test
    void transactionsJoinWhereThereAreSome() {
        assertProblems(
                Deployment.failure(
                        "names=a",
                        "backend=postgresql",
                        "postgresql.data-source=jdbc/x",
                        "postgresql.publish-in-transaction=join",
                        "publish-in-transaction=at-once"),
                "channels.postgresql.publish-in-transaction = 'join' (from app.properties): this"
                        + " server has no JTA transactions for the application. Enable them (Open"
                        + " Liberty has them with enterpriseBeansLite-4.0, say), or leave this key"
                        + " out.",
                "channels.publish-in-transaction = 'at-once' (from app.properties): it contradicts"
                        + " channels.postgresql.publish-in-transaction=join. Leave one of the two"
                        + " out; atOnce() is for single events that go out whatever becomes of the"
                        + " transaction.");
    }

    @Test
    void invalidName() {
        assertProblems(
                Deployment.failure("names=a,b/c"),
                "channels.names = 'a,b/c' (from app.properties): 'b/c' cannot be the name of a"
                        + " channel. A name has 1 to 200 characters, no control characters, no '/',"
                        + " no unpaired surrogates.");
    }

    @Test
    void nameThatIsNoPathSegmentWhileHandlersAreOn() {
        assertProblems(
                Deployment.failure("names=.", "create-ws-route-handlers=true"),
                "channels.names = '.' (from app.properties): '.' cannot be a segment of a path on"
                        + " every server. Rename it: no \\, ? or #, and neither . nor .. alone; or"
                        + " set channels.create-ws-route-handlers=false.");
    }

    @Test
    void nameTwice() {
        assertProblems(
                Deployment.failure("names=a,b,a"),
                "channels.names = 'a,b,a' (from app.properties): 'a' is named twice. Name each channel"
                        + " once.");
    }

    /** An endpoint of the application. */
    @Dependent
    @ServerEndpoint("/ws/a")
    public static class OwnEndpoint {}

    /** An endpoint of the application on a template. */
    @Dependent
    @ServerEndpoint("/ws/{room}")
    public static class OwnTemplate {}

    @Test
    void twoEndpointsOnOnePath() {
        assertProblems(
                Deployment.failure(
                        new String[] {
                            "names=a", "create-ws-route-handlers=true", "ws-handler-base-path=/ws"
                        },
                        OwnEndpoint.class),
                "channels.ws-handler-base-path = '/ws/' (from app.properties): two endpoints would be on the path /ws/a,"
                        + " that of a channel and that of "
                        + OwnEndpoint.class.getName()
                        + ". Move one of them.");
    }

    @Test
    void twoEndpointsOnOneTemplate() {
        assertProblems(
                Deployment.failure(
                        new String[] {
                            "arbitrary-channels-allowed=true",
                            "create-ws-route-handlers=true",
                            "ws-handler-base-path=/ws"
                        },
                        OwnTemplate.class),
                "channels.ws-handler-base-path = '/ws/' (from app.properties): two endpoints would be on the path"
                        + " /ws/{room}, that of a channel and that of "
                        + OwnTemplate.class.getName()
                        + ". Move one of them.");
    }

    // ---- Choices and numbers

    @Test
    void unknownBackend() {
        assertProblems(
                Deployment.failure("names=a", "backend=memry"),
                "channels.backend = 'memry' (from app.properties): there is no such backend. Did you mean 'memory'? Use one"
                        + " of memory, postgresql, redis-pubsub, redis-streams. A CDI bean that implements dev.channels.spi.ChannelsBackend"
                        + " is chosen by its name or its class.");
    }

    @Test
    void unknownSendMode() {
        assertProblems(
                Deployment.failure("names=a", "ws-send-mode=txt"),
                "channels.ws-send-mode = 'txt' (from app.properties): not one of the choices. Did you"
                        + " mean 'text'? Use one of text, binary.");
    }

    @Test
    void unknownBacklogStrategy() {
        assertProblems(
                Deployment.failure("names=a", "subscriber-backlog-strategy=dropright"),
                "channels.subscriber-backlog-strategy = 'dropright' (from app.properties): not one of"
                        + " the choices. Use one of backoff, dropleft, disconnect.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws-handler-send-history",
                "ws-max-message-size",
                "subscriber-max-backlog",
                "subscriber-max-backlog-bytes",
                "send-concurrency",
                "publish-queue-max-events",
                "publish-queue-max-bytes",
                "memory.history"
            })
    void numberThatIsNone(String key) {
        String message = Deployment.failure("names=a", key + "=many");
        assertThat(message)
                .matches(
                        "CHANNELS0001: The configuration of Channels EE is invalid:\n  - channels\\."
                                + key
                                + " = 'many' \\(from app\\.properties\\): not a whole number in the"
                                + " range\\. Write a whole number from -?\\d+ to \\d+\\.");
    }

    @Test
    void negativeBacklog() {
        assertProblems(
                Deployment.failure("names=a", "subscriber-max-backlog=-1"),
                "channels.subscriber-max-backlog = '-1' (from app.properties): not a whole number in"
                        + " the range. Write a whole number from 1 to 2147483647.");
    }

    @Test
    void negativeHistoryOfTheMemoryBackend() {
        assertProblems(
                Deployment.failure("names=a", "memory.history=-1"),
                "channels.memory.history = '-1' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 0 to 1000000.");
    }

    // ---- Subscriber classes

    private static final String NAME_A_CLASS =
            "Name a public class with such a constructor that extends dev.channels.Subscriber.";

    private static String subscriberClass(String name) {
        return Deployment.failure("names=a", "subscriber-class=" + name);
    }

    @Test
    void unloadableSubscriberClass() {
        assertProblems(
                subscriberClass("com.acme.None"),
                "channels.subscriber-class = 'com.acme.None' (from app.properties): the class cannot be loaded"
                        + " (java.lang.ClassNotFoundException: com.acme.None). Write the full name"
                        + " of a class of the application.");
    }

    @Test
    void subscriberClassThatIsNoSubscriber() {
        assertProblems(
                subscriberClass("java.lang.String"),
                "channels.subscriber-class = 'java.lang.String' (from app.properties): the class is unsuitable: it does not"
                        + " extend dev.channels.Subscriber. "
                        + NAME_A_CLASS);
    }

    /** Cannot be instantiated. */
    public abstract static class AbstractSubscriber extends Subscriber {
        protected AbstractSubscriber(Backlog backlog) {
            super(backlog);
        }
    }

    @Test
    void abstractSubscriberClass() {
        String name = AbstractSubscriber.class.getName();
        assertProblems(
                subscriberClass(name),
                "channels.subscriber-class = '"
                        + name
                        + "' (from app.properties): the class is unsuitable: it is abstract. "
                        + NAME_A_CLASS);
    }

    /** Has no public constructor. */
    public static class WithoutConstructor extends Subscriber {
        WithoutConstructor(Backlog backlog) {
            super(backlog);
        }
    }

    @Test
    void subscriberClassWithoutConstructor() {
        String name = WithoutConstructor.class.getName();
        assertProblems(
                subscriberClass(name),
                "channels.subscriber-class = '"
                        + name
                        + "' (from app.properties): the class is unsuitable: it has no public constructor that takes a"
                        + " dev.channels.Backlog. "
                        + NAME_A_CLASS);
    }

    // ---- Type encoders

    @Test
    void unloadableTypeEncoder() {
        assertProblems(
                Deployment.failure("names=a", "type-encoders=com.acme.None"),
                "channels.type-encoders = 'com.acme.None' (from app.properties): the class cannot be loaded"
                        + " (java.lang.ClassNotFoundException: com.acme.None). Write the full name"
                        + " of a class of the application.");
    }

    @Test
    void unsuitableTypeEncoder() {
        assertProblems(
                Deployment.failure("names=a", "type-encoders=java.lang.String"),
                "channels.type-encoders = 'java.lang.String' (from app.properties): the class is no"
                        + " JsonbAdapter, JsonbSerializer or JsonbDeserializer. Implement one of"
                        + " them (Jakarta JSON Binding 3.0, section 4.7).");
    }

    /** Cannot be instantiated. */
    public abstract static class AbstractAdapter implements JsonbAdapter<Object, String> {}

    @Test
    void typeEncoderThatCannotBeInstantiated() {
        String name = AbstractAdapter.class.getName();
        assertProblems(
                Deployment.failure("names=a", "type-encoders=" + name),
                "channels.type-encoders = '"
                        + name
                        + "' (from app.properties): the class cannot be instantiated (java.lang.InstantiationException)."
                        + " Make it public, with a public constructor without parameters.");
    }

    // ---- Executors

    @Test
    void unknownExecutor() {
        String cause =
                "(javax.naming.NoInitialContextException: Need to specify class name in environment"
                        + " or system property, or in an application resource file:"
                        + " java.naming.factory.initial)";
        assertProblems(
                Deployment.failure(
                        "names=a",
                        "managed-executor=java:app/one",
                        "managed-scheduled-executor=java:app/two"),
                "channels.managed-executor = 'java:app/one' (from app.properties): there is no such executor in JNDI "
                        + cause
                        + ". Define it on the server, or leave the key out for"
                        + " java:comp/DefaultManagedExecutorService.",
                "channels.managed-scheduled-executor = 'java:app/two' (from app.properties): there is no such executor in"
                        + " JNDI "
                        + cause
                        + ". Define it on the server, or leave the key out for"
                        + " java:comp/DefaultManagedScheduledExecutorService.");
    }

    // ---- Beans of the application

    /** Cannot be made. */
    @Dependent
    public static class FailingListener implements ChannelsListener {
        /** Throws. */
        public FailingListener() {
            throw new IllegalStateException("no listener today");
        }
    }

    @Test
    void listenerThatCannotBeMade() {
        assertThat(Deployment.failure(new String[] {"names=a"}, FailingListener.class))
                .startsWith("CHANNELS0023: The ChannelsListener beans could not be made: ")
                .contains("no listener today");
    }

    // ---- All at once

    @Test
    void allProblemsAreInOneMessage() {
        String message =
                Deployment.failure(
                        "nmes=a",
                        "backend=kafka",
                        "ws-send-mode=text/plain",
                        "subscriber-max-backlog=-1",
                        "subscriber-class=com.acme.None",
                        "type-encoders=com.acme.None",
                        "managed-executor=java:app/one",
                        "subscribe-timeout=soon");
        assertThat(message.lines().skip(1))
                .hasSize(9)
                .allMatch(line -> line.startsWith("  - channels."))
                .anyMatch(line -> line.contains("channels.nmes = 'a'"))
                .anyMatch(line -> line.contains("channels.names = ''"))
                .anyMatch(line -> line.contains("channels.backend = 'kafka'"))
                .anyMatch(line -> line.contains("channels.ws-send-mode = 'text/plain'"))
                .anyMatch(line -> line.contains("channels.subscriber-max-backlog = '-1'"))
                .anyMatch(line -> line.contains("channels.subscriber-class = 'com.acme.None'"))
                .anyMatch(line -> line.contains("channels.type-encoders = 'com.acme.None'"))
                .anyMatch(line -> line.contains("channels.managed-executor = 'java:app/one'"))
                .anyMatch(line -> line.contains("channels.subscribe-timeout = 'soon'"));
    }
}
