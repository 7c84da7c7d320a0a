package dev.channels.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Open Liberty, as {@code server run} starts it. */
final class LibertyServer implements Server {

    private static final Path CONFIGURATION = Path.of("src-it/demo/liberty/server.xml");

    @Override
    public Path prepare(Path home, Path base, int port) throws IOException {
        Path server = base.resolve("servers/demo");
        Files.createDirectories(server);
        Files.copy(CONFIGURATION, server.resolve("server.xml"));
        return server.resolve("apps/demo.war");
    }

    @Override
    public ProcessBuilder command(Path home, Path base, int port) {
        List<String> options =
                List.of(
                        "-Xmx768m",
                        "-Djava.awt.headless=true",
                        "@" + home.resolve("lib/platform/java/java9.options"));
        ProcessBuilder command = server(home, base, options, List.of());
        command.environment().put("HTTP_PORT", String.valueOf(port));
        return command;
    }

    /** Returns the command that {@code server stop --force} is. */
    ProcessBuilder forcedStop(Path home, Path base) {
        return server(home, base, List.of(), List.of("--stop", "--force"));
    }

    private static ProcessBuilder server(
            Path home, Path base, List<String> options, List<String> action) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"));
        arguments.addAll(List.of("-jar", home.resolve("bin/tools/ws-server.jar").toString()));
        arguments.add("demo");
        arguments.addAll(action);
        ProcessBuilder command = Server.java(arguments);
        command.environment().put("WLP_USER_DIR", base.toString());
        return command;
    }

    @Override
    public String toString() {
        return "Open Liberty";
    }
}
