package dev.channels.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server that the demo runs on: how to start it as one process, without a script. What it writes
 * is kept away from its installation, which belongs to the integration tests.
 */
public interface Server {

    /** Returns the server that {@code -Dserver} names. */
    static Server named(String name) {
        return switch (name) {
            case "wildfly" -> new WildFlyServer();
            case "liberty" -> new LibertyServer();
            case "payara" -> new PayaraServer();
            default ->
                    throw new IllegalArgumentException(
                            "-Dserver=" + name + ": choose wildfly, liberty or payara");
        };
    }

    /**
     * Prepares the server.
     *
     * @param home where it is installed
     * @param base an empty directory for what it writes
     * @param port the port it shall listen on
     * @return where it expects the WAR
     */
    Path prepare(Path home, Path base, int port) throws IOException;

    /** Returns the command that runs the prepared server in the foreground. */
    ProcessBuilder command(Path home, Path base, int port) throws IOException;

    /**
     * Returns the path of the {@code java} to start servers with: this one, unless one is named.
     */
    static String java() {
        return Path.of(javaHome(), "bin", "java").toString();
    }

    /** Returns the home of the JDK to start servers with. */
    static String javaHome() {
        return System.getProperty("servers.jdk", System.getProperty("java.home"));
    }

    /** Returns a command of Java. */
    static ProcessBuilder java(List<String> arguments) {
        ProcessBuilder command = new ProcessBuilder(java());
        command.command().addAll(arguments);
        return command;
    }
}
