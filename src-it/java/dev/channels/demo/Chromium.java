package dev.channels.demo;

import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless browser. */
public final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final Process process;
    private final DevTools devTools;

    /** Starts a browser with an empty profile in a directory. */
    public Chromium(Path executable, Path profile) throws IOException {
        Directories.recreate(profile);
        process =
                new ProcessBuilder(
                                executable.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile.toAbsolutePath())
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("log").toFile())
                        .start();
        try {
            devTools = new DevTools(address(profile.resolve("DevToolsActivePort")));
        } catch (RuntimeException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    /** Returns where on the path of this machine the browser is. */
    public static Optional<Path> executable() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .filter(Chromium::runs)
                .findFirst();
    }

    /** Some distributions have a script of that name that only says how to install the browser. */
    private static boolean runs(Path executable) {
        try {
            Process version =
                    new ProcessBuilder(executable.toString(), "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!version.waitFor(30, TimeUnit.SECONDS)) {
                version.destroyForcibly();
                return false;
            }
            return version.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static URI address(Path file) {
        List<String> lines =
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> Files.readAllLines(file), read -> read.size() == 2);
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    }

    /** Opens a page in a window of its own. */
    public Page open(URI address) {
        JsonObjectBuilder blank = Json.createObjectBuilder().add("url", "about:blank");
        String target = devTools.call("Target.createTarget", blank).getString("targetId");
        JsonObject attached =
                devTools.call(
                        "Target.attachToTarget",
                        Json.createObjectBuilder().add("targetId", target).add("flatten", true));
        return new Page(devTools, attached.getString("sessionId"), target, address);
    }

    @Override
    public void close() throws InterruptedException {
        devTools.close();
        process.toHandle().destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
