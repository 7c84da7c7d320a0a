package dev.channels.matrix;

import dev.channels.testkit.Http;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A server as its makers distribute it, which runs the applications that are in a folder. */
abstract class SmokeServer {

    private static final Path INSTALLED =
            Path.of(System.getProperty("servers.directory"), "matrix").toAbsolutePath();

    private final String name;
    private final String folder;
    private final int oldestJdk;

    /**
     * Describes a server.
     *
     * @param folder where the build has put it; tells of its version in {@code version.<folder>}
     * @param oldestJdk the oldest version of the JDK that it runs on; past 17 it is given the
     *     newest one
     */
    SmokeServer(String name, String folder, int oldestJdk) {
        this.name = name + " " + System.getProperty("version." + folder);
        this.folder = folder;
        this.oldestJdk = oldestJdk;
    }

    String name() {
        return name;
    }

    final int oldestJdk() {
        return oldestJdk;
    }

    /** Returns the home of the JDK that it is to run on. */
    final Path jdk() {
        return Path.of(System.getProperty(oldestJdk > 17 ? "jdk.newest" : "servers.jdk"));
    }

    final String java() {
        return jdk().resolve("bin/java").toString();
    }

    /** Returns where it is installed. */
    final Path home() {
        return INSTALLED.resolve(folder);
    }

    /** Tells whether it has EJB and JAX-RS. */
    boolean isFull() {
        return true;
    }

    /** Returns the JNDI name of an executor with virtual threads that it has; or nothing. */
    Optional<String> virtualExecutor() {
        return Optional.empty();
    }

    /** Returns what an application needs in its {@code WEB-INF/lib} beside the library. */
    File[] libraries() {
        return new File[0];
    }

    /**
     * Prepares the server.
     *
     * @param base an empty directory for what it writes
     * @return the folder that it will find its applications in
     */
    abstract Path prepare(Path base, int port) throws IOException;

    /** Returns the command that runs the prepared server in the foreground. */
    abstract ProcessBuilder command(Path base, int port) throws IOException;

    /**
     * Ends an application.
     *
     * @param war its file in the folder of applications
     * @param probe the other application
     */
    void undeploy(Path war, URI probe) throws Exception {
        Files.delete(war);
    }

    /** WildFly and Open Liberty, as the demo starts them. */
    static final class OfDemo extends SmokeServer {

        private final dev.channels.demo.Server server;
        private final String sibling;

        /**
         * Describes a server.
         *
         * @param sibling of the folder that the demo is in, for applications
         */
        OfDemo(String name, String folder, String demo, String sibling) {
            super(name, folder, 17);
            this.server = dev.channels.demo.Server.named(demo);
            this.sibling = sibling;
        }

        @Override
        Path prepare(Path base, int port) throws IOException {
            return server.prepare(home(), base, port).getParent().resolveSibling(sibling);
        }

        @Override
        ProcessBuilder command(Path base, int port) throws IOException {
            ProcessBuilder command = server.command(home(), base, port);
            command.command().set(0, java());
            return command;
        }
    }

    /** Payara Micro. */
    static final class Micro extends SmokeServer {

        Micro(String name, String folder, int oldestJdk) {
            super(name, folder, oldestJdk);
        }

        @Override
        Path prepare(Path base, int port) {
            return base.resolve("applications");
        }

        @Override
        ProcessBuilder command(Path base, int port) {
            return new ProcessBuilder(
                    java(),
                    "-Xmx768m",
                    "-XX:SoftRefLRUPolicyMSPerMB=0",
                    "-jar",
                    home().resolve("payara-micro.jar").toString(),
                    "--rootDir",
                    base.resolve("root").toString(),
                    "--deploymentDir",
                    base.resolve("applications").toString(),
                    "--port",
                    String.valueOf(port),
                    "--noCluster",
                    "--noHazelcast");
        }

        @Override
        void undeploy(Path war, URI probe) throws Exception {
            String name = war.getFileName().toString().replace(".war", "");
            Http.request(probe, "DELETE", "threads?application=" + name);
        }
    }
}
