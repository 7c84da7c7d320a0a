package dev.channels.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs scripts with Node, where it is installed and has a WebSocket. */
public final class NodeJs {

    private static final Path SCRIPTS = Path.of("src-it/js");
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.");
    private static final int OLDEST = 20;
    private static final int WITH_WEBSOCKET = 22;
    private static final int MINUTES = 5;

    private final Path node;
    private final List<String> options;

    private NodeJs(Path node, int version) {
        this.node = node;
        this.options = version < WITH_WEBSOCKET ? List.of("--experimental-websocket") : List.of();
    }

    /** What a script has said, and how it ended. */
    public record Outcome(int status, String output) {}

    /** Returns the Node of this machine, or nothing where there is none, or only an old one. */
    public static Optional<NodeJs> installed() throws Exception {
        Optional<Path> node = onPath("node");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Matcher version =
                VERSION.matcher(run(List.of(node.get().toString(), "--version")).output());
        return version.find() && Integer.parseInt(version.group(1)) >= OLDEST
                ? Optional.of(new NodeJs(node.get(), Integer.parseInt(version.group(1))))
                : Optional.empty();
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs a script of src-it/js to its end. */
    public Outcome run(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(node.toString());
        command.addAll(options);
        command.add(SCRIPTS.resolve(script).toString());
        command.addAll(List.of(arguments));
        return run(command);
    }

    /**
     * Installs a package below target, unless it is there.
     *
     * @param name of the package
     * @param version exactly
     * @return where, or nothing where there is no npm, or no registry that answers
     */
    public Optional<Path> install(String name, String version) throws Exception {
        Path directory = Path.of("target", "npm", name + "-" + version).toAbsolutePath();
        if (Files.isDirectory(directory.resolve("node_modules").resolve(name))) {
            return Optional.of(directory);
        }
        Optional<Path> npm = onPath("npm");
        if (npm.isEmpty()) {
            return Optional.empty();
        }
        Files.createDirectories(directory);
        Outcome outcome =
                run(
                        List.of(
                                npm.get().toString(),
                                "install",
                                "--prefix",
                                directory.toString(),
                                "--no-audit",
                                "--no-fund",
                                "--ignore-scripts",
                                "--fetch-retries=0",
                                "--prefer-offline",
                                name + "@" + version));
        return outcome.status() == 0 ? Optional.of(directory) : Optional.empty();
    }

    private static Outcome run(List<String> command) throws Exception {
        Path output = Files.createTempFile("node", ".log");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException(command + " does not end: " + text(output));
            }
            return new Outcome(process.exitValue(), text(output));
        } finally {
            Files.delete(output);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
