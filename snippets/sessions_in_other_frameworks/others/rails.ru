require "action_controller/railtie"

class Shop < Rails::Application
  config.load_defaults 6.1
  config.eager_load = false
  config.logger = Logger.new($stderr, level: :warn)
  config.secret_key_base = ENV.fetch("SECRET_KEY")
  routes.append do
    get "/", to: "pages#index"
    get "/who", to: "pages#who"
    get "/about", to: "pages#about"
    post "/login", to: "pages#log_in"
    post "/add", to: "pages#add"
    post "/append", to: "pages#append"
    post "/logout", to: "pages#log_out"
  end
end

class PagesController < ActionController::Base
  PAUSE = ENV.fetch("PAUSE", "0").to_f

  def index
    session[:visits] = session.fetch(:visits, 0) + 1
    @items = session.fetch(:items, []).join(", ")
    render inline: <<~PAGE
      <p>Visits: <%= session[:visits] %>. List: <%= @items %></p>
      <%= form_with url: "/login" do %>
      <input name="name" aria-label="Name"><button>Log in</button>
      <% end %>
      <%= form_with url: "/add" do %>
      <input name="item" aria-label="Item"><button>Add</button>
      <% end %>
      <%= form_with url: "/append" do %>
      <input name="item" aria-label="Item"><button>Append</button>
      <% end %>
      <%= form_with url: "/logout" do %><button>Log out</button><% end %>
    PAGE
  end

  def who
    @name = session.fetch(:name, "nobody")
    render inline: "<p><%= @name %></p>"
  end

  def about
    render html: "This page doesn't use the session."
  end

  def log_in
    session[:name] = params.require(:name)[0, 50]
    redirect_to "/"
  end

  def add
    items = session.fetch(:items, [])
    sleep PAUSE
    session[:items] = [*items, params.require(:item)[0, 5000]].last(9)
    redirect_to "/"
  end

  def append
    session.fetch(:items, []) << params.require(:item)[0, 5000]
    redirect_to "/"
  end

  def log_out
    reset_session
    redirect_to "/"
  end
end

run Shop.initialize!
