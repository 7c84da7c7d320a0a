package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.demo.Chromium;
import dev.channels.demo.Page;
import dev.channels.it.browser.RootApplication;
import dev.channels.it.clients.EchoCalls;
import dev.channels.testkit.Http;
import dev.channels.testkit.NodeJs;
import dev.channels.testkit.OnWildFlyAlone;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module for pages: how it is served, and what it does; beside it, the JavaScript SDK. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class BrowserModuleIT {

    private static final int CASES = 30;
    private static final Pattern IMPORT = Pattern.compile("\"\\./([\\w-]+)\\.mjs\"");

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "module",
                        "channels.names=events,chat,recover,again,gap,position,past,history,secret,sse",
                        "channels.client-endpoint=true",
                        "channels.sse-endpoint=true",
                        "channels.console=true",
                        "channels.console-role=admin",
                        "channels.client-ping-interval=2s",
                        "channels.client-pong-timeout=1s",
                        // Who has left is not there any more soon.
                        "channels.sse-ping-interval=1s",
                        "channels.memory.history=1000",
                        "channels.policy.chat.channels=chat",
                        "channels.policy.chat.publish=permit-all",
                        "channels.policy.chat.presence=permit-all",
                        "channels.policy.chat.join-leave=true",
                        "channels.policy.secret.channels=secret",
                        "channels.policy.secret.subscribe=deny-all")
                .addPackage(RootApplication.class.getPackage())
                .addPackage(EchoCalls.class.getPackage());
    }

    private HttpResponse<String> request(String method, String path, String... headers)
            throws Exception {
        return Http.request(application, method, path, headers);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "channels.js, text/javascript, export class Channels",
        "channels.d.ts, text/plain, export interface Subscription"
    })
    void servesTheModuleThoughResourcesAreHidden(String file, String type, String content)
            throws Exception {
        assertThat(request("GET", "resource").body()).isEqualTo("of JAX-RS");
        HttpResponse<String> full = request("GET", "channels/" + file);
        assertThat(full.statusCode()).isEqualTo(200);
        assertThat(full.body()).contains(content);
        assertThat(header(full, "Content-Type")).startsWith(type).containsIgnoringCase("utf-8");
        assertThat(header(full, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(full, "X-Content-Type-Options")).isEqualTo("nosniff");
        String tag = header(full, "ETag");
        assertThat(tag).matches("\"[0-9a-f]+\"");

        HttpResponse<String> head = request("HEAD", "channels/" + file);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "ETag")).isEqualTo(tag);
        assertThat(header(head, "Content-Length"))
                .isEqualTo(Integer.toString(full.body().getBytes(StandardCharsets.UTF_8).length));

        HttpResponse<String> known =
                request("GET", "channels/" + file, "If-None-Match", "\"x\", W/" + tag);
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(header(known, "ETag")).isEqualTo(tag);
        assertThat(request("GET", "channels/" + file, "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
        assertThat(request("POST", "channels/" + file).statusCode()).isEqualTo(405);
    }

    /** It asks who that is: so it is there, and JAX-RS is not asked. */
    @ParameterizedTest
    @ValueSource(strings = {"console.css", "console.js", "state", "stream"})
    void consoleIsFoundThoughResourcesAreHidden(String path) throws Exception {
        assertThat(request("GET", "channels/console/" + path).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "channels/",
        "channels/ModuleServlet.class",
        "channels/channels.js/",
        "channels/channels.js/ModuleServlet.class",
        "channels/../WEB-INF/lib/channels-ee.jar",
        "channels/..%2Fpackage-info.class",
        "channels/channels.js%00.class"
    })
    void servesNothingElse(String path) throws Exception {
        assertThat(request("GET", path).statusCode()).isBetween(400, 499);
    }

    private static NodeJs node() throws Exception {
        Optional<NodeJs> node = NodeJs.installed();
        assumeTrue(node.isPresent(), "No Node of version 20 or later is on the PATH");
        return node.get();
    }

    private static void succeeded(NodeJs.Outcome outcome, int cases) {
        assertThat(outcome.output()).doesNotContain("not ok").contains(cases + " cases, 0 failed");
        assertThat(outcome.status()).isZero();
    }

    @OnWildFlyAlone
    @Test
    void theModuleKeepsItsPromises() throws Exception {
        succeeded(node().run("module.mjs", application.toString()), CASES);
    }

    @OnWildFlyAlone
    @Test
    void theModuleKeepsItsPromisesInABrowser() throws Exception {
        Optional<Path> executable = Chromium.executable();
        assumeTrue(executable.isPresent(), "No Chromium or Chrome is on the PATH");
        URI address = URI.create(application.toString().replaceFirst("/?$", "/resource"));
        try (Chromium browser = new Chromium(executable.get(), Path.of("target/chromium-module"));
                Page page = browser.open(address)) {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> page.evaluate("location.href").equals(address.toString()));
            page.evaluate(
                    """
                    (() => {
                        globalThis.output = [];
                        globalThis.process = {
                            argv: ["", "", "%s"],
                            exit: status => { globalThis.ended = status; },
                        };
                        console.log = line => output.push(line);
                        import("%s").catch(failure => { globalThis.ended = failure; });
                    })()\
                    """
                            .formatted(application, scriptInAPage("module")));
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> !page.evaluate("globalThis.ended").equals("undefined"));
            String output = page.evaluate("output.join('\\n')");
            assertThat(page.evaluate("ended")).as(output).isEqualTo("0");
            assertThat(output).endsWith(CASES + " cases, 0 failed");
        }
    }

    /** Returns a script of src-it/js as an address that has all of it, and of what it imports. */
    private static String scriptInAPage(String name) {
        try {
            String script =
                    IMPORT.matcher(Files.readString(Path.of("src-it/js", name + ".mjs")))
                            .replaceAll(
                                    found -> '"' + scriptInAPage(ofAPage(found.group(1))) + '"');
            return "data:text/javascript;charset=utf-8;base64,"
                    + Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ofAPage(String script) {
        return script.equals("network") ? "network-of-page" : script;
    }

    @OnWildFlyAlone
    @Test
    void aPageCompilesAgainstTheTypes() throws Exception {
        NodeJs node = node();
        Optional<Path> compiler = node.install("typescript", "5.9.3");
        assumeTrue(compiler.isPresent(), "npm does not deliver the TypeScript compiler");
        Path directory = Files.createDirectories(Path.of("target/typescript/channels"));
        for (String file : List.of("channels.js", "channels.d.ts")) {
            String content = request("GET", "channels/" + file).body();
            Files.writeString(directory.resolve(file), content);
        }
        Path page = directory.resolveSibling("page.ts");
        Files.copy(Path.of("src-it/js/page.ts"), page, StandardCopyOption.REPLACE_EXISTING);
        NodeJs.Outcome outcome =
                node.run(
                        compiler.get().resolve("node_modules/typescript/bin/tsc").toString(),
                        "--noEmit",
                        "--strict",
                        "--target",
                        "es2022",
                        "--module",
                        "es2022",
                        "--moduleResolution",
                        "bundler",
                        page.toString());
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isZero();
    }

    @OnWildFlyAlone
    @ParameterizedTest
    @CsvSource({"5.8.0, json", "5.8.0, protobuf", "5.2.2, json", "5.2.2, protobuf"})
    void theSdkWorks(String version, String encoding) throws Exception {
        NodeJs node = node();
        Optional<Path> installed = node.install("centrifuge", version);
        assumeTrue(installed.isPresent(), "npm does not deliver centrifuge " + version);
        succeeded(
                node.run("sdk.mjs", application.toString(), installed.get().toString(), encoding),
                9);
    }
}
