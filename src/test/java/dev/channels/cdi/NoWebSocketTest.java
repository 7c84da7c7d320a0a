package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server need not have Jakarta WebSocket for an application that only publishes. */
class NoWebSocketTest {

    /** The class path of this test without Jakarta WebSocket. */
    private static final class Loader extends URLClassLoader {

        Loader() throws Exception {
            super(classPath(), ClassLoader.getPlatformClassLoader());
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
            if (name.startsWith("jakarta.websocket.")) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    @Test
    void whatTheContainersReadOfTheExtensionLoads() throws Exception {
        File folder =
                Path.of(
                                ChannelsExtension.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                        .resolve("dev/channels/cdi")
                        .toFile();
        try (Loader loader = new Loader()) {
            assertThatThrownBy(() -> loader.loadClass("jakarta.websocket.Session"))
                    .isInstanceOf(ClassNotFoundException.class);
            List<String> loaded = new ArrayList<>();
            for (String file : folder.list((in, name) -> name.endsWith(".class"))) {
                String name = file.replace(".class", "");
                if (!name.endsWith("Test") && !name.contains("Test$")) {
                    Class<?> type = Class.forName("dev.channels.cdi." + name, true, loader);
                    type.getDeclaredMethods();
                    type.getDeclaredFields();
                    type.getDeclaredConstructors();
                    type.getAnnotations();
                    loaded.add(name);
                }
            }
            assertThat(loaded)
                    .contains("ChannelsExtension", "ChannelsInitializer", "EndpointRegistration");
        }
    }

    @Test
    void serverIsRecognisedByItsExecutor() throws Throwable {
        try (Loader loader = new Loader()) {
            Class<?> type = loader.loadClass("dev.channels.server.KnownServers");
            Object server =
                    MethodHandles.publicLookup()
                            .findStatic(
                                    type,
                                    "of",
                                    MethodType.methodType(
                                            loader.loadClass("dev.channels.server.Server"),
                                            Object.class))
                            .invoke(new Object());
            assertThat(server).hasToString("a server that Channels EE does not know");
        }
    }
}
