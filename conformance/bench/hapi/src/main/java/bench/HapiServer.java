package bench;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import javax.sql.DataSource;

import ca.uhn.fhir.rest.server.RestfulServer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/**
 * A HAPI FHIR JPA server for R4 on {@code http://127.0.0.1:<PORT>/fhir}, over the database that the JDBC URL in
 * {@code DATABASE_URL} names. When it serves, it prints one line: {@code ready <what it runs on>}. It ends on SIGTERM.
 */
public final class HapiServer {
    /** What HTTP servers for servlets have by default. */
    private static final int THREADS = 200;

    private HapiServer() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server(new QueuedThreadPool(THREADS));
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(System.getenv("PORT")));
        server.addConnector(connector);

        ServletContextHandler handler = new ServletContextHandler("/");
        server.setHandler(handler);

        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.setServletContext(handler.getServletContext());
        context.register(ServerConfiguration.class);
        context.refresh();
        handler.addServlet(new ServletHolder(context.getBean(RestfulServer.class)), "/fhir/*");

        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, context)));
        server.start();
        System.out.println("ready " + runsOn(context.getBean(DataSource.class)));
        server.join();
    }

    /** {@code Java 17.0.15, PostgreSQL 18.4} */
    private static String runsOn(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            DatabaseMetaData product = connection.getMetaData();
            return String.format(
                    "Java %s, %s %s",
                    System.getProperty("java.version"),
                    product.getDatabaseProductName(),
                    product.getDatabaseProductVersion());
        }
    }

    private static void stop(Server server, AnnotationConfigWebApplicationContext context) {
        try {
            server.stop();
        } catch (Exception failure) {
            failure.printStackTrace();
        }
        context.close();
    }
}
