package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.EventReader;
import dev.channels.Subscriber;
import dev.channels.test.LogCapture;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A server need not have what only some applications want. */
class NoOptionalApisTest {

    private static final List<String> OPTIONAL =
            List.of(
                    "org.eclipse.microprofile.health.",
                    "org.eclipse.microprofile.metrics.",
                    "org.eclipse.microprofile.reactive.",
                    "io.opentelemetry.",
                    "jakarta.json.",
                    "jakarta.transaction.");

    /** The class path of this test without those. */
    private static final class Bare extends URLClassLoader {

        private final List<String> missing;

        Bare(List<String> missing) throws Exception {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.missing = missing;
        }

        private static URL[] classPath() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (missing.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    /** Runs where nothing is shared with this test. */
    public static final class Main implements Supplier<String> {
        @Override
        public String get() {
            try (Deployment it = Deployment.of("names=a")) {
                it.get(ChannelsExtension.class).application().opened("/app");
                Subscriber subscriber = it.plugin().subscribe("a");
                it.plugin().afterCommit().publish("x", "a");
                return subscriber.poll(Duration.ofSeconds(30)).text()
                        + (OptionalApis.hasJson() ? " with JSON" : " without JSON");
            }
        }
    }

    /** Publishes and reads objects. */
    public static final class Publishing implements Supplier<String> {
        @Override
        public String get() {
            try (Deployment it = Deployment.of("names=a")) {
                Subscriber subscriber = it.plugin().subscribe("a");
                it.plugin().publish("1", "a");
                ChannelEvent event = subscriber.poll(Duration.ofSeconds(30));
                EventReader reader = it.get(EventReader.class);
                return failure(() -> it.plugin().publish(List.of(1), "a"))
                        + "\n"
                        + failure(() -> reader.read(event, Integer.class));
            }
        }

        private static String failure(Runnable call) {
            try {
                call.run();
                return "done";
            } catch (ChannelsException e) {
                return e.getMessage();
            }
        }
    }

    /** Runs there, too. */
    public static final class Failing implements Supplier<String> {
        @Override
        public String get() {
            try (Deployment it = Deployment.of("names=a")) {
                return "deployed " + it;
            } catch (Exception e) {
                return e.getMessage();
            }
        }
    }

    private static String runWithout(List<String> missing, Class<?> what) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (Bare bare = new Bare(missing)) {
            Thread.currentThread().setContextClassLoader(bare);
            Class<?> main = bare.loadClass(what.getName());
            return (String) ((Supplier<?>) main.getConstructor().newInstance()).get();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void applicationRunsWithoutThem() throws Exception {
        try (LogCapture log = new LogCapture()) {
            assertThat(runWithout(OPTIONAL, Main.class)).isEqualTo("x without JSON");
            assertThat(log.messages("CHANNELS0024"))
                    .filteredOn(message -> message.contains("JSON Binding"))
                    .singleElement()
                    .asString()
                    .contains("objects cannot", "jsonb-3.0", "org.eclipse:yasson");
        }
        assertThat(OptionalApis.hasJson()).isTrue();
    }

    @Test
    void objectsWithoutJsonBindingAreRefusedWithWhatHelps() throws Exception {
        String[] failures = runWithout(OPTIONAL, Publishing.class).split("\n");
        assertThat(failures[0]).startsWith("CHANNELS0005: There is no JSON Binding here");
        assertThat(failures[1]).startsWith("CHANNELS0037: There is no JSON Binding here");
        assertThat(failures)
                .hasSize(2)
                .allSatisfy(
                        failure ->
                                assertThat(failure)
                                        .contains("Use text or bytes", "jsonb-3.0", "yasson")
                                        .doesNotContain("type-encoders"));
    }

    @Test
    void nothingIsSaidOfJsonBindingWhereItIs() {
        try (LogCapture log = new LogCapture()) {
            OptionalApis.sayWhatIsMissing();
            assertThat(log.messages("CHANNELS0024")).isEmpty();
        }
    }

    @Test
    void whatCannotBeDoneWithoutIsNamed() throws Exception {
        assertThat(
                        runWithout(
                                List.of("org.eclipse.microprofile.config.ConfigProvider"),
                                Failing.class))
                .contains(
                        "CHANNELS0023: The server does not give the application MicroProfile"
                                + " Config (on Open Liberty the feature mpConfig-3.1, on Tomcat"
                                + " io.smallrye.config:smallrye-config in WEB-INF/lib), which its"
                                + " channels need. Enable or add it.");
    }

    /** Connects a channel. */
    public static final class Connecting implements Supplier<String> {
        @Override
        public String get() {
            return Deployment.failure("names=a", "mp.messaging.incoming.a.connector=channels-ee");
        }
    }

    @Test
    void connectorWithoutReactiveMessagingFailsTheDeployment() throws Exception {
        assertThat(runWithout(OPTIONAL, Connecting.class))
                .contains(
                        "mp.messaging.incoming.a.connector = 'channels-ee'",
                        "this server gives the application no MicroProfile Reactive Messaging."
                                + " Enable it (on Open Liberty the feature"
                                + " mpReactiveMessaging-3.0, on WildFly the subsystem"
                                + " microprofile-reactive-messaging-smallrye, for applications that"
                                + " use its annotations), or leave this key out.");
    }

    @Test
    void whatIsMissingOtherwiseIsNamed() {
        assertThat(
                        MissingApi.explained(
                                new NoClassDefFoundError("jakarta/enterprise/inject/spi/CDI")))
                .hasMessage(
                        "CHANNELS0023: The server does not give the application CDI (on Open"
                                + " Liberty the feature cdi-4.0), which its channels need. Enable"
                                + " or add it.");
    }

    @Test
    void otherFaultsOfClassesStayWhatTheyAre() {
        NoClassDefFoundError fault = new NoClassDefFoundError("com/example/Order");
        assertThatThrownBy(() -> MissingApi.explained(fault)).isSameAs(fault);
    }
}
