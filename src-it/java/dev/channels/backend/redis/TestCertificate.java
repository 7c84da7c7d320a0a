package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate of a test's own: its own issuer, so its store is also one that trusts it. */
final class TestCertificate {

    private static final String ALIAS = "redis";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    private final Path directory;
    private final KeyStore keys;

    /**
     * Makes one.
     *
     * @param directory an empty directory for its files
     * @param names what it is made out for, as {@code keytool} takes it: {@code dns:localhost}
     */
    TestCertificate(Path directory, String names) {
        this.directory = directory;
        try {
            make(names);
            keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store())) {
                keys.load(in, PASSWORD);
            }
            write("certificate.pem", "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            write("key.pem", "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void make(String names) throws IOException, InterruptedException {
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-dname",
            "CN=redis",
            "-ext",
            "SAN=" + names,
            "-storetype",
            "PKCS12",
            "-keystore",
            store().toString(),
            "-storepass",
            String.valueOf(PASSWORD)
        };
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }

    private void write(String file, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, text));
    }

    private Path store() {
        return directory.resolve("redis.p12");
    }

    /** Has this JVM trust it, and nothing else. */
    void trust() {
        System.setProperty(TRUST_STORE, store().toString());
        System.setProperty(TRUST_STORE_PASSWORD, String.valueOf(PASSWORD));
    }

    /** Has this JVM trust what it trusted before. */
    static void trustAsUsual() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE_PASSWORD);
    }

    /** Returns what a server needs that shows it. */
    SSLContext context() throws GeneralSecurityException {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Returns the configuration of a Redis that shows it, to clients and to other Redises. */
    List<String> redisSettings(int port) {
        return List.of(
                "tls-port " + port,
                "tls-cert-file " + directory.resolve("certificate.pem"),
                "tls-key-file " + directory.resolve("key.pem"),
                "tls-ca-cert-file " + directory.resolve("certificate.pem"),
                "tls-auth-clients no",
                "tls-replication yes",
                "tls-cluster yes");
    }
}
