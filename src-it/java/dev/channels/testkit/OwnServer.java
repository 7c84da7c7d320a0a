package dev.channels.testkit;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.PayaraDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Gives the JVM that runs tests a server of its own: a copy of what the build has unpacked,
 * configured for the tests, on ports that nobody has. So two JVMs can test at once, and what was
 * unpacked stays as its makers distribute it. The copy is in {@code servers.directory} from then
 * on, which is {@code target/servers-1} for the first JVM.
 */
public final class OwnServer implements LauncherSessionListener {

    private static final Path CONFIGURATIONS = Path.of("src-it/servers");

    private static final AtomicBoolean ready = new AtomicBoolean();

    private final int fork = Integer.getInteger("fork", 1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        String server = System.getProperty("arquillian.launch");
        if (server == null || !ready.compareAndSet(false, true)) {
            return;
        }
        Path unpacked = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
        Path own = unpacked.resolveSibling(unpacked.getFileName() + "-" + fork);
        Path home = own.resolve(server);
        try {
            Directories.delete(home);
            // No server writes to a JAR that it came with.
            Directories.copy(
                    unpacked.resolve(server), home, path -> path.toString().endsWith(".jar"));
            switch (server) {
                case "wildfly" -> configureWildFly(home);
                case "liberty" -> configureLiberty(home);
                case "payara" -> configurePayara(home);
                default -> throw new IllegalArgumentException("arquillian.launch=" + server);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("servers.directory", own.toString());
    }

    private void configureWildFly(Path home) throws IOException {
        setPort("wildfly.http.port");
        setPort("wildfly.https.port");
        setPort("wildfly.management.port");
        Path configuration = home.resolve("standalone/configuration");
        for (String name :
                List.of("application-roles.properties", "application-users.properties")) {
            overwrite(CONFIGURATIONS.resolve("wildfly").resolve(name), configuration);
        }
        Path standalone = configuration.resolve("standalone.xml");
        String text = Files.readString(standalone);
        text =
                replaced(
                        text,
                        "<websockets/>",
                        "<websockets per-message-deflate=\"true\" deflater-level=\"6\"/>");
        text =
                replaced(
                        text,
                        "</extensions>",
                        extension("reactive-messaging-smallrye")
                                + extension("reactive-streams-operators-smallrye")
                                + "</extensions>");
        text =
                replaced(
                        text,
                        "</profile>",
                        subsystem("reactive-messaging-smallrye:2.0")
                                + subsystem("reactive-streams-operators-smallrye:1.0")
                                + "</profile>");
        Files.writeString(standalone, text);
    }

    private static String extension(String name) {
        return "<extension module=\"org.wildfly.extension.microprofile." + name + "\"/>";
    }

    private static String subsystem(String name) {
        return "<subsystem xmlns=\"urn:wildfly:microprofile-" + name + "\"/>";
    }

    private static String replaced(String text, String part, String by) throws IOException {
        if (!text.contains(part)) {
            throw new IOException("standalone.xml has no " + part);
        }
        return text.replace(part, by);
    }

    private void configureLiberty(Path home) throws IOException {
        int port = setPort("liberty.http.port");
        // unique, because the adapter looks for running servers by name
        String name = "channels-" + port;
        System.setProperty("liberty.server", name);
        Path server = Files.createDirectories(home.resolve("usr/servers").resolve(name));
        for (String file : List.of("jvm.options", "server.xml")) {
            overwrite(CONFIGURATIONS.resolve("liberty").resolve(file), server);
        }
        Files.writeString(server.resolve("bootstrap.properties"), "http.port=" + port + "\n");
    }

    private void configurePayara(Path home) throws IOException {
        Path config = home.resolve("glassfish/domains/domain1/config");
        overwrite(CONFIGURATIONS.resolve("payara/keyfile"), config);
        Path domain = config.resolve("domain.xml");
        PayaraDomain.configure(
                domain,
                domain,
                Map.of(
                        "http.port", setPort("payara.http.port"),
                        "admin.port", setPort("payara.admin.port"),
                        "jms.port", setPort("payara.jms.port")));
    }

    private static void overwrite(Path file, Path directory) throws IOException {
        Files.copy(
                file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static int setPort(String name) {
        int port = FreePorts.any();
        System.setProperty(name, String.valueOf(port));
        return port;
    }
}
