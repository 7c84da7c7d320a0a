package dev.channels.bench;

import dev.channels.bench.app.AsyncLoopServlet;
import dev.channels.bench.app.BasicLoopServlet;
import dev.channels.bench.app.LoopEndpoint;
import dev.channels.bench.app.PluginServlet;
import dev.channels.testkit.Wars;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Deploys both sides on one server, and compares them. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class FanOutBench {

    @ArquillianResource
    @OperateOnDeployment("plugin")
    private URI plugin;

    @ArquillianResource private Deployer deployer;

    @TempDir private Path directory;

    @Deployment(name = "plugin", testable = false)
    static WebArchive plugin() {
        return withControl(
                        Wars.war(
                                "plugin",
                                "channels.arbitrary-channels-allowed=true",
                                "channels.create-ws-route-handlers=true",
                                "channels.ws-handler-base-path=/ws",
                                "channels.client-endpoint=true",
                                "channels.sse-endpoint=true"))
                .addClass(PluginServlet.class);
    }

    /** Not managed, since one that stands still cannot be undeployed; the server is stopped. */
    @Deployment(name = "loop", testable = false, managed = false)
    static WebArchive loop() {
        boolean overlapping = !System.getProperty("arquillian.launch").equals("liberty");
        return withControl(ShrinkWrap.create(WebArchive.class, "loop.war"))
                .addClass(LoopEndpoint.class)
                .addClass(overlapping ? AsyncLoopServlet.class : BasicLoopServlet.class);
    }

    /** Both have CDI: with it, Payara keeps an injection target for each session by itself. */
    private static WebArchive withControl(WebArchive war) {
        return war.addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addPackages(
                        false,
                        path ->
                                path.get()
                                        .matches(
                                                ".*/(ControlServlet|EventText|Order|Progress|Publisher)\\.class"),
                        PluginServlet.class.getPackage());
    }

    @Test
    void compare() throws Exception {
        deployer.deploy("loop");
        URI loop = plugin.resolve("/loop/");
        Settings settings = Settings.read();
        Files.createDirectories(settings.directory());
        EventLoopGroup eventLoop = new NioEventLoopGroup(1);
        Report report = new Report(settings);
        App pluginApp = new App(plugin);
        Neighbours neighbours = new Neighbours(pluginApp.pid());
        CpuClock cpu = new CpuClock(pluginApp.pid());
        try (Side one = new Side("plugin", pluginApp, cpu, eventLoop, directory.resolve("plugin"));
                Side other =
                        new Side(
                                "loop", new App(loop), cpu, eventLoop, directory.resolve("loop"))) {
            new Bench(settings, one, other, report).run();
        } finally {
            report.write(neighbours);
            eventLoop.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }
}
