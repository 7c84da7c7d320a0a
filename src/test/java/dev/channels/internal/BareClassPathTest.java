package dev.channels.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine needs nothing of Jakarta EE or MicroProfile, to run and to compile. */
class BareClassPathTest {

    private static final List<String> PACKAGES =
            List.of(
                    "dev.channels",
                    "dev.channels.spi",
                    "dev.channels.internal",
                    "dev.channels.internal.publish",
                    "dev.channels.internal.task");

    private static Path locationOf(Class<?> type) throws Exception {
        URI location = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        return Path.of(location);
    }

    @Test
    void everyClassLoadsAndLinks() throws Exception {
        Path main = locationOf(dev.channels.internal.node.ChannelsNode.class);
        try (java.net.URLClassLoader bare =
                new java.net.URLClassLoader(
                        new java.net.URL[] {main.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> bare.loadClass("jakarta.enterprise.inject.spi.Extension"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> bare.loadClass("org.eclipse.microprofile.config.Config"))
                    .isInstanceOf(ClassNotFoundException.class);
            int loaded = 0;
            for (String packageName : PACKAGES) {
                Path folder = main.resolve(packageName.replace('.', '/'));
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                        String name = file.getFileName().toString().replace(".class", "");
                        if (!name.equals("package-info")) {
                            Class<?> type = Class.forName(packageName + "." + name, true, bare);
                            type.getDeclaredMethods();
                            type.getDeclaredFields();
                            type.getDeclaredConstructors();
                            loaded++;
                        }
                    }
                }
            }
            assertThat(loaded).isGreaterThan(50);
        }
    }

    @Test
    void sourcesCompile(@TempDir Path output) throws Exception {
        Path sources = Path.of("src/main/java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-proc:none",
                                "--release",
                                "17",
                                "-d",
                                output.toString(),
                                "-cp",
                                locationOf(org.jspecify.annotations.NullMarked.class)
                                        + File.pathSeparator
                                        + locationOf(GuardedBy.class)));
        for (String packageName : PACKAGES) {
            File[] files =
                    sources.resolve(packageName.replace('.', '/'))
                            .toFile()
                            .listFiles(file -> file.getName().endsWith(".java"));
            assertThat(files).isNotEmpty();
            for (File file : files) {
                arguments.add(file.toString());
            }
        }
        java.io.ByteArrayOutputStream messages = new java.io.ByteArrayOutputStream();
        int result = compiler.run(null, messages, messages, arguments.toArray(String[]::new));
        assertThat(result).as(messages.toString()).isZero();
    }
}
